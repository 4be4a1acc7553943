/**
 * Where an outbox keeps its entries: in the browser's database, or in the page alone where that is refused. It sends nothing.
 * @module
 */

/** @typedef {import("../lib/outbox.js").Entry} Entry */
/** @typedef {Omit<Entry, "id">} NewEntry */

const ENTRIES = "entries";
// Entries of the page alone come behind those of the database.
const FIRST_OF_PAGE = 2 ** 52;

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/**
 * @param {string} person whose entries they are
 * @returns {Promise<BrowserStore | PageStore>} of the page alone in a browser that refuses its database
 */
export async function openStore(person) {
  if (typeof indexedDB === "undefined") return new PageStore();
  try {
    return await BrowserStore.open(person);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    return new PageStore();
  }
}

/** Every method rejects with a DOMException where the browser refuses: no room, switched off, cleared by its owner. */
export class BrowserStore {
  /** @param {IDBDatabase} database */
  constructor(database) {
    this.database = database;
    database.onversionchange = () => database.close();
  }

  /** @param {string} person whose entries they are @returns {Promise<BrowserStore>} */
  static async open(person) {
    const request = indexedDB.open(`outbox-${person}`, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(ENTRIES, { keyPath: "id", autoIncrement: true });
    return new BrowserStore(await done(request));
  }

  /** @returns {Promise<Entry[]>} in their order */
  all() {
    return done(this.database.transaction(ENTRIES).objectStore(ENTRIES).getAll());
  }

  /** @param {NewEntry} entry @returns {Promise<Entry>} once it is written */
  add(entry) {
    return this.written((store) => store.add(entry)).then((id) => ({ ...entry, id: Number(id) }));
  }

  /** @param {Entry} entry @returns {Promise<unknown>} */
  put(entry) {
    return this.written((store) => store.put(entry));
  }

  /** @param {number} id @returns {Promise<unknown>} */
  remove(id) {
    // One that comes back after a power cut is known by its client_uuid.
    return this.written((store) => store.delete(id), "relaxed");
  }

  /**
   * @template T
   * @param {(store: IDBObjectStore) => IDBRequest<T>} change
   * @param {"strict" | "relaxed"} [durability] strict: it is on the disk, not on its way there, when it is said to be kept
   * @returns {Promise<T>}
   */
  written(change, durability = "strict") {
    return new Promise((resolve, reject) => {
      const transaction = this.database.transaction(ENTRIES, "readwrite", { durability });
      const request = change(transaction.objectStore(ENTRIES));
      // Said at once, the browser goes on with it behind a page that closes; else it would be undone.
      transaction.commit();
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error ?? request.error);
    });
  }
}

/** Keeps entries as long as the page is open. */
export class PageStore {
  last = FIRST_OF_PAGE;

  /** @param {Entry} entry @returns {boolean} whether it is kept by a page alone */
  static has(entry) {
    return entry.id > FIRST_OF_PAGE;
  }

  /** @param {NewEntry} entry @returns {Promise<Entry>} */
  async add(entry) {
    return { ...entry, id: ++this.last };
  }

  async all() {
    return /** @type {Entry[]} */ ([]);
  }

  async put() {}

  async remove() {}
}
