import { createHash } from "node:crypto";

/** What a screen shows: 4 bytes a pixel, blue, green, red and one unused. */
export interface Screen {
  readonly width: number;
  readonly height: number;
  readonly pixels: Buffer;
}

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export function blankScreen(width: number, height: number): Screen {
  return { width, height, pixels: Buffer.alloc(width * height * 4) };
}

/** Whether the rectangle lies wholly on the screen. */
export function contains(screen: Screen, { x, y, width, height }: Rectangle): boolean {
  return x + width <= screen.width && y + height <= screen.height;
}

export function paint(screen: Screen, { x, y, width, height }: Rectangle, pixels: Buffer): void {
  for (let row = 0; row < height; row++) {
    pixels.copy(screen.pixels, ((y + row) * screen.width + x) * 4, row * width * 4, (row + 1) * width * 4);
  }
}

/** Source and target may overlap. */
export function copyWithin(screen: Screen, from: { readonly x: number; readonly y: number }, to: Rectangle): void {
  const taken = Buffer.alloc(to.width * to.height * 4);
  for (let row = 0; row < to.height; row++) {
    const start = ((from.y + row) * screen.width + from.x) * 4;
    screen.pixels.copy(taken, row * to.width * 4, start, start + to.width * 4);
  }
  paint(screen, to, taken);
}

/** Two screens that show the same have the same; what the unused bytes hold does not count. */
export function fingerprint({ width, height, pixels }: Screen): string {
  const colours = Buffer.from(pixels);
  for (let at = 3; at < colours.length; at += 4) colours[at] = 0;
  return createHash("sha256").update(`${width}x${height}\n`).update(colours).digest("hex");
}
