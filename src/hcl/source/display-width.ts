import { graphemesOf } from "./graphemes.ts";

/** In columns of a terminal: East Asian wide characters and emoji take two. */
export function displayWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const grapheme of graphemesOf(text)) width += widthOf(grapheme);
  return width;
}

/** The longest beginning of a text that takes at most `width` columns. */
export function cutToWidth(text: string, width: number): string {
  const within = text.slice(0, Math.max(0, width));
  if (ASCII.test(within)) return within;
  let end = 0;
  let taken = 0;
  // No character has so many code units that this piece could be too short for the columns; and no line is so long
  // that looking at all of it would be free.
  for (const grapheme of graphemesOf(text.slice(0, width * LONGEST_CHARACTER))) {
    taken += widthOf(grapheme);
    if (taken > width) break;
    end += grapheme.length;
  }
  return text.slice(0, end);
}

const ASCII = /^[\x20-\x7e]*$/;
const LONGEST_CHARACTER = 32;

function widthOf(grapheme: string): number {
  return WIDE.test(grapheme) ? 2 : 1;
}

const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|^\p{Emoji_Presentation}/u;
