/** Break a text at spaces into lines of at most so many columns; a longer word has a line of its own. */
export function wrapText(text: string, columns: number, indent = ""): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split("\n")) {
    let line = indent;
    for (const word of paragraph.split(" ")) {
      const joined = line === indent ? line + word : `${line} ${word}`;
      if (joined.length > columns && line !== indent) {
        lines.push(line);
        line = indent + word;
      } else line = joined;
    }
    lines.push(line);
  }
  return lines;
}
