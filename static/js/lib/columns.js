/**
 * Reads the wire form of a tree: a header and typed arrays. Knows nothing of what the columns mean.
 * @module
 */

const MAGIC = 0x31435742; // "BWC1", little-endian
const PREFIX_BYTES = 8;

/**
 * @typedef {{name: string, dtype: string, offset: number, count: number}} ColumnEntry
 * @typedef {{key: string, version: string, kind: string, revision: string}} MakerName
 * @typedef {{count: number, columns: ColumnEntry[], sha256: string, run: number, seq: number, chosen: number | null, chosen_seq?: number | null,
 *   scorer: MakerName | null, after?: number, status?: string, step_count?: number}} Header after: of a change, the event it follows
 * @typedef {Uint32Array | Uint16Array | Uint8Array | Float32Array | Float64Array} Column
 */

/** The bytes are no document of columns; the message says where it breaks. */
export class NotColumns extends Error {}

/**
 * @param {ArrayBuffer} buffer
 * @returns {{header: Header, columns: Map<string, Column>}}
 */
export function readColumns(buffer) {
  const view = new DataView(buffer);
  if (buffer.byteLength < PREFIX_BYTES || view.getUint32(0, true) !== MAGIC) {
    throw new NotColumns(`A tree starts with BWC1; ${buffer.byteLength} bytes came that start otherwise.`);
  }
  const start = PREFIX_BYTES + view.getUint32(4, true);
  if (start > buffer.byteLength) throw new NotColumns(`The header ends at byte ${start} of ${buffer.byteLength}: cut off.`);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, PREFIX_BYTES, start - PREFIX_BYTES)));
  /** @type {Map<string, Column>} */
  const columns = new Map();
  for (const entry of header.columns) columns.set(entry.name, readColumn(buffer, start, entry));
  return { header, columns };
}

/**
 * @param {ArrayBuffer} buffer
 * @param {number} start
 * @param {ColumnEntry} entry
 * @returns {Column}
 */
function readColumn(buffer, start, { name, dtype, offset, count }) {
  const bytes = { u32: 4, u16: 2, u8: 1, f16: 2, f32: 4, f64: 8 }[dtype];
  if (bytes === undefined) throw new NotColumns(`Column ${name} has the unknown type ${dtype}.`);
  const first = start + offset;
  if (first + bytes * count > buffer.byteLength) throw new NotColumns(`Column ${name} ends behind the document: cut off.`);
  if (dtype === "u32") return new Uint32Array(buffer, first, count);
  if (dtype === "u8") return new Uint8Array(buffer, first, count);
  if (dtype === "f32") return new Float32Array(buffer, first, count);
  if (dtype === "f64") return new Float64Array(buffer, first, count);
  const halves = new Uint16Array(buffer, first, count);
  return dtype === "u16" ? halves : Float32Array.from(halves, halfToNumber);
}

/**
 * The number an IEEE 754 half stands for; engines without Float16Array need it.
 * @param {number} half
 * @returns {number}
 */
export function halfToNumber(half) {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return fraction ? NaN : sign * Infinity;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
