/** The tags of an XML text outside its comments, one after the other. Every byte is looked at once. */
export function* xmlTags(text: string): Generator<string, void, undefined> {
  for (let at = 0; at < text.length;) {
    const start = text.indexOf("<", at);
    if (start < 0) return;
    const comment = text.startsWith("<!--", start);
    const end = text.indexOf(comment ? "-->" : ">", start);
    if (end < 0) return;
    if (!comment) yield text.slice(start, end + 1);
    at = end + 1;
  }
}

/** An attribute of a tag; undefined when it is not there. */
export function xmlAttribute(tag: string, name: string): string | undefined {
  const found = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(tag);
  return found?.[1] ?? found?.[2];
}

/** The first `Pixels` of an OME description, and the `TiffData` that say which page is which plane. */
export function omePixels(
  text: string,
): { readonly pixels: string; readonly data: readonly string[] } | undefined {
  let pixels: string | undefined;
  const data: string[] = [];
  for (const tag of xmlTags(text)) {
    if (pixels === undefined) {
      if (/^<(\w+:)?Pixels[\s/>]/.test(tag)) pixels = tag;
      continue;
    }
    if (/^<\/(\w+:)?Pixels>/.test(tag)) break;
    if (/^<(\w+:)?TiffData[\s/>]/.test(tag)) data.push(tag);
  }
  return pixels === undefined ? undefined : { pixels, data };
}

/**
 * The first page that OME puts at another plane than at its own place, in words. Pages are read in
 * the order of the file.
 */
export function misplacedPage(data: readonly string[]): string | undefined {
  for (const tag of data) {
    const [page, plane] = [xmlAttribute(tag, "IFD") ?? "0", xmlAttribute(tag, "FirstZ") ?? "0"];
    if (Number(page) !== Number(plane)) return `page ${page} is plane ${plane}`.slice(0, 80);
  }
  return undefined;
}
