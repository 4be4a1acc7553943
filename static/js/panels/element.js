/**
 * Makes an element with its class and content in one expression. Text becomes text nodes, never markup.
 * @module
 */

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {string} className
 * @param {...(Node | string)} content
 * @returns {HTMLElementTagNameMap[K]}
 */
export function element(tag, className, ...content) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...content);
  return made;
}

/**
 * A button that does something.
 * @param {string} className
 * @param {() => void} act
 * @param {...(Node | string)} content
 */
export function button(className, act, ...content) {
  const made = element("button", className, ...content);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}
