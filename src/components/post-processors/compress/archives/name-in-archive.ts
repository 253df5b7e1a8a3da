import { basename } from "node:path";

/** A path as archives name it: relative, and going down only. */
export function pathInArchive(path: string): string {
  return path
    .replaceAll("\\", "/")
    .replace(/^[A-Za-z]:/, "")
    .split("/")
    .filter((part) => part !== "" && part !== "." && part !== "..")
    .join("/");
}

/** The names of files alone, and the paths of those that share a name. */
export function namesInArchive(paths: readonly string[]): string[] {
  const count = Map.groupBy(paths, (path) => basename(path));
  return paths.map((path) => ((count.get(basename(path))?.length ?? 0) > 1 ? pathInArchive(path) : basename(path)));
}
