import { Unavailable } from '../errors.ts';

/** As much of an XML element as we look at; the elements of every DOM fit. */
export interface XmlElement {
  readonly nodeType: number;
  readonly nodeName: string;
  readonly textContent: string | null;
  readonly childNodes: { readonly length: number; item(index: number): XmlElement | null };
}

const ELEMENT = 1;
const ROOT = 'corporateItemDtoes';
const ITEM = 'corporateItemDto';
/** Known items have no elements inside their fields at all. */
const DEEPEST = 20;

/**
 * README.md §5.5. The items of `/corporation/stores` and `/corporation/departments` as flat records of texts; an
 * element with children becomes a record, an empty one null. Throws `Unavailable` for any other document: an empty
 * list has its root element.
 */
export function corporateItems(root: XmlElement, what: string): Record<string, unknown>[] {
  if (root.nodeName !== ROOT) throw new Unavailable(`${what}: answered XML that is no list of corporate items`);
  return elementsOf(root).map((item) => {
    if (item.nodeName !== ITEM) throw new Unavailable(`${what}: answered a list with something else in it`);
    return fieldsOf(item, what);
  });
}

function fieldsOf(element: XmlElement, what: string, level = 0): Record<string, unknown> {
  if (level === DEEPEST) throw new Unavailable(`${what}: answered XML that is nested too deeply`);
  return Object.fromEntries(
    elementsOf(element).map((child) => [
      child.nodeName,
      elementsOf(child).length > 0 ? fieldsOf(child, what, level + 1) : (child.textContent ?? '').trim() || null,
    ]),
  );
}

function elementsOf({ childNodes }: XmlElement): XmlElement[] {
  return Array.from({ length: childNodes.length }, (_, at) => childNodes.item(at)).filter(
    (node): node is XmlElement => node?.nodeType === ELEMENT,
  );
}
