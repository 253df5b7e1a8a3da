import { mkdtemp, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { configFolder } from "../config-folder.ts";
import { localHost } from "./local-host.ts";

describe("the folders of a user", () => {
  const of = (environment: Record<string, string>) => localHost({ environment, cwd: "/w" });

  test("for downloads are Packer's", () => {
    expect(of({ PACKER_CACHE_DIR: "c", XDG_CACHE_HOME: "/x", HOME: "/h" }).cacheFolder).toBe("/w/c");
    expect(of({ XDG_CACHE_HOME: "/x", HOME: "/h" }).cacheFolder).toBe("/x/packer");
    expect(of({ HOME: "/h", PACKER_CACHE_DIR: "" }).cacheFolder).toBe("/h/.cache/packer");
  });

  test("for temporary files and of the home are the environment's, else the system's", () => {
    expect(of({ TMPDIR: "t" }).temporaryFolder).toBe("/w/t");
    expect(of({}).temporaryFolder).toBe("/tmp");
    expect(of({ HOME: "/h" }).home).toBe("/h");
    expect(of({}).home).toBe(homedir());
  });

  test("for settings and plugins are Packer's, the old one where it is there", async () => {
    expect(await configFolder(of({ PACKER_CONFIG_DIR: "p", HOME: "/h" }))).toBe("/w/p/.packer.d");
    expect(await configFolder(of({ XDG_CONFIG_HOME: "/x", HOME: "/h" }))).toBe("/x/packer");
    expect(await configFolder(of({ HOME: "/h" }))).toBe("/h/.config/packer");
    const home = await mkdtemp(join(tmpdir(), "ingot-test-home-"));
    const host = of({ HOME: home, XDG_CONFIG_HOME: "/x" });
    await host.files.makeFolder(join(home, ".packer.d"));
    expect(await configFolder(host)).toBe(join(home, ".packer.d"));
    await rm(home, { recursive: true });
  });
});

test("a sleep ends with its signal, before it began and within it", async () => {
  const host = localHost();
  await host.sleep(0, new AbortController().signal);
  await expect(host.sleep(0, AbortSignal.abort(new Error("enough")))).rejects.toThrow("enough");
  const stop = new AbortController();
  const sleeping = host.sleep(2 ** 40, stop.signal);
  stop.abort(new Error("enough"));
  await expect(sleeping).rejects.toThrow("enough");
});

test("a free port can be listened on", async () => {
  const port = await localHost().freePort();
  expect(port).toBeGreaterThan(1023);
  expect(
    await localHost()
      .http.request({ url: `http://127.0.0.1:${port}/` }, AbortSignal.timeout(5000))
      .catch(String),
  ).toContain("nothing listens there");
});
