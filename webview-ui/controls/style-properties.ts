import { noChange } from 'lit';
import { Directive, directive, type ElementPart, type PartInfo, PartType } from 'lit/directive.js';

/** Sets style properties by script, as the page's security policy allows no `style` attribute. */
class StyleProperties extends Directive {
  #set: Readonly<Record<string, string>> = {};

  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new Error('It belongs to an element.');
  }

  render(_properties: Readonly<Record<string, string>>): unknown {
    return noChange;
  }

  override update(part: ElementPart, [properties]: [Readonly<Record<string, string>>]): unknown {
    const { element } = part;
    if (!(element instanceof HTMLElement || element instanceof SVGElement)) return noChange;
    for (const [name, value] of Object.entries(properties)) {
      if (this.#set[name] !== value) element.style.setProperty(name, value);
    }
    this.#set = properties;
    return noChange;
  }
}

/** `<div ${styleProperties({ width: '3px' })}>`; the names have to stay the same from one rendering to the next. */
export const styleProperties = directive(StyleProperties);
