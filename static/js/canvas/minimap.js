/**
 * The whole tree in a corner, with a frame about what the picture shows of it: one drags the frame, or presses where to go.
 * It is for the eye and the pointer; keys pan the picture itself. It is there only while the picture does not show all.
 * @module
 */

import { areaInView, treeToPage } from "../lib/camera.js";
import { paintChosen, paintQuestion } from "./painter.js";
import { Raster } from "./raster.js";
import { Cast } from "./scene.js";

/** @typedef {import("./tree_canvas.js").TreeCanvas} TreeCanvas */

const MARGIN = 6;
const FRAME_LEAST = 8;
/** Of a lower picture the map would hide too much. */
const PICTURE_LEAST = 260;

export class Minimap {
  /** @param {TreeCanvas} picture */
  constructor(picture) {
    this.picture = picture;
    this.isWanted = true;
    this.raster = new Raster();
    this.cast = new Cast();
    this.place = document.createElement("div");
    this.place.className = "minimap";
    this.place.setAttribute("aria-hidden", "true");
    this.place.hidden = true;
    this.canvas = document.createElement("canvas");
    this.frame = document.createElement("div");
    this.frame.className = "minimap-frame";
    this.place.append(this.canvas, this.frame);
    picture.host.append(this.place);
    /** What was painted last, so that the same is not painted again while the picture only moves. */
    this.painted = -1;
    picture.painted = () => this.show();
    this.listen();
  }

  /** @param {boolean} isWanted */
  want(isWanted) {
    this.isWanted = isWanted;
    this.show();
  }

  show() {
    const scene = this.picture.scene();
    const isHidden = !scene || !this.isWanted || scene.size.height < PICTURE_LEAST || showsAll(scene);
    if (this.place.hidden !== isHidden) {
      this.place.hidden = isHidden;
      this.painted = -1;
    }
    if (isHidden || !scene) return;
    if (this.painted !== this.picture.version) this.paint(scene);
    this.painted = this.picture.version;
    this.showFrame(scene);
  }

  /** @param {import("./scene.js").Scene} scene of the picture */
  paint(scene) {
    const size = this.size();
    const context = this.canvas.getContext("2d");
    if (!context || !size.width || !size.height) return;
    this.canvas.width = Math.round(size.width * scene.density);
    this.canvas.height = Math.round(size.height * scene.density);
    context.setTransform(scene.density, 0, 0, scene.density, 0, 0);
    const small = { ...scene, size, camera: this.camera(scene.subject.layout) };
    this.cast.gather(small);
    this.raster.paint(context, small, this.cast);
    paintChosen(context, small);
    paintQuestion(context, small);
  }

  /** @param {import("./scene.js").Scene} scene */
  showFrame({ subject, camera, size }) {
    const { width, height } = this.size();
    const area = areaInView(camera, size);
    const small = this.camera(subject.layout);
    const [left, top] = treeToPage(small, area.left, area.top).map((at, axis) => held(at, axis ? height : width));
    const [right, bottom] = treeToPage(small, area.right, area.bottom).map((at, axis) => held(at, axis ? height : width));
    const { style } = this.frame;
    style.left = `${Math.min(left, width - FRAME_LEAST)}px`;
    style.top = `${Math.min(top, height - FRAME_LEAST)}px`;
    style.width = `${Math.max(right - left, FRAME_LEAST)}px`;
    style.height = `${Math.max(bottom - top, FRAME_LEAST)}px`;
  }

  size() {
    return { width: this.place.clientWidth, height: this.place.clientHeight };
  }

  /** @param {import("../lib/layout.js").Layout} layout @returns {import("../lib/camera.js").Camera} */
  camera({ columns, rows }) {
    const { width, height } = this.size();
    const column = (width - 2 * MARGIN) / Math.max(columns - 1, 1);
    return { column, row: (height - 2 * MARGIN) / Math.max(rows - 1, 1), x: MARGIN, y: MARGIN };
  }

  /** What happens here is not the picture's, in which this stands. */
  listen() {
    const { place } = this;
    for (const name of ["pointerdown", "pointermove", "pointerup", "wheel", "dblclick"]) place.addEventListener(name, (event) => event.stopPropagation());
    place.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      place.setPointerCapture(event.pointerId);
      this.go(event);
    });
    place.addEventListener("pointermove", (event) => {
      if (place.hasPointerCapture(event.pointerId)) this.go(event);
    });
  }

  /** The place pressed comes to the middle of the picture. @param {MouseEvent} event */
  go(event) {
    const { picture } = this;
    if (!picture.layout) return;
    const { left, top } = this.canvas.getBoundingClientRect();
    const small = this.camera(picture.layout);
    const [x, y] = [(event.clientX - left - small.x) / small.column, (event.clientY - top - small.y) / small.row];
    const { column, row } = picture.camera;
    picture.look({ column, row, x: picture.size.width / 2 - x * column, y: picture.size.height / 2 - y * row });
  }
}

/** @param {import("./scene.js").Scene} scene */
function showsAll({ subject, camera, size }) {
  const { left, right, top, bottom } = areaInView(camera, size);
  const { columns, rows } = subject.layout;
  return left <= 0 && top <= 0 && right >= columns - 1 && bottom >= rows - 1;
}

/** @param {number} at @param {number} end */
function held(at, end) {
  return Math.min(Math.max(at, 0), end);
}
