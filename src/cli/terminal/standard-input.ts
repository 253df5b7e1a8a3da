import { buffer, text } from "node:stream/consumers";

/** All of standard input, as text. */
export function readStandardInput(): Promise<string> {
  return text(process.stdin);
}

/** All of standard input, as it is. */
export function readStandardInputBytes(): Promise<Buffer> {
  return buffer(process.stdin);
}
