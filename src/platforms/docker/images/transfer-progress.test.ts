import { expect, test } from "vitest";
import { TransferProgress } from "./transfer-progress.ts";

test("bytes are summed over the layers, and what concerns the whole is said", () => {
  const said: string[] = [];
  const moved: [number, number | undefined][] = [];
  const listener = {
    say: (text: string) => void said.push(text),
    progress: () => ({ update: (current: number, total?: number) => void moved.push([current, total]), done() {} }),
  };
  const progress = new TransferProgress(listener, "Pulling x", "Downloading");
  const a = "aaaaaaaaaaaa";
  const b = "bbbbbbbbbbbb";
  progress.take({ id: "1", status: "Pulling from team/app" });
  progress.take({ id: a, status: "Pulling fs layer" });
  progress.take({ id: a, status: "Downloading", progressDetail: { current: 10, total: 100 } });
  progress.take({ id: b, status: "Downloading", progressDetail: { current: 5, total: 50 } });
  progress.take({ id: a, status: "Download complete" });
  progress.take({ id: a, status: "Extracting", progressDetail: { current: 1, total: 100 } });
  progress.take({ id: b, status: "Pull complete" });
  progress.take({ status: "Digest: sha256:abc" });
  progress.done();
  expect(moved).toEqual([
    [10, 100],
    [15, 150],
    [105, 150],
    [150, 150],
  ]);
  expect(said).toEqual(["1: Pulling from team/app", "Digest: sha256:abc"]);
});
