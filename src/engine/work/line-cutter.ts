/** Cuts chunks into lines. */
export function lineCutter(line: (text: string) => void): { write(chunk: Uint8Array | string): void; end(): void } {
  const decoder = new TextDecoder();
  let rest = "";
  const cut = (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const one of lines) line(one.replace(/\r$/, "").replace(/^.*\r/, ""));
  };
  return {
    write: (chunk) => cut(typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true })),
    end() {
      cut(decoder.decode());
      if (rest !== "") line(rest);
      rest = "";
    },
  };
}
