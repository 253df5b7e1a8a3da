import { describe, expect, test } from "vitest";
import { Failure } from "../../failure.ts";
import { proxyAuthorization, proxyFor } from "./proxy.ts";

const proxies = { HTTP_PROXY: "http://plain:3128", HTTPS_PROXY: "http://secure:3128" };
const through = (url: string, environment: Record<string, string>): string | undefined =>
  proxyFor(new URL(url), environment)?.host;

describe("the proxy", () => {
  test.each<[string, string, Record<string, string>, string | undefined]>([
    ["goes by the scheme", "http://a/", proxies, "plain:3128"],
    ["goes by the scheme, TLS too", "https://a/", proxies, "secure:3128"],
    ["may be named in lower case", "https://a/", { https_proxy: "http://low:1" }, "low:1"],
    ["may lack its scheme", "http://a/", { HTTP_PROXY: "bare:8080" }, "bare:8080"],
    ["is none where none is named", "http://a/", { HTTP_PROXY: "", HTTPS_PROXY: "http://x" }, undefined],
    ["is none for this machine", "http://localhost:80/", proxies, undefined],
    ["is none for this machine's addresses", "http://127.9.9.9/", proxies, undefined],
    ["is none for this machine's address of version 6", "http://[::1]/", proxies, undefined],
  ])("%s", (_, url, environment, proxy) => {
    expect(through(url, environment)).toBe(proxy);
  });

  test.each<[string, string, boolean]>([
    ["*", "http://a.example/", true],
    ["example.com", "http://example.com/", true],
    ["example.com", "http://a.example.com/", true],
    ["example.com", "http://an-example.com/", false],
    [".example.com", "http://a.example.com/", true],
    [".example.com", "http://example.com/", false],
    ["*.example.com", "http://a.example.com/", true],
    ["EXAMPLE.com", "http://example.COM./", true],
    ["example.com:8080", "http://example.com:8080/", true],
    ["example.com:8080", "http://example.com/", false],
    ["example.com:80", "http://example.com/", true],
    ["10.1.2.3", "http://10.1.2.3/", true],
    ["10.0.0.0/8", "http://10.1.2.3/", true],
    ["10.0.0.0/8", "http://11.1.2.3/", false],
    ["fd00::/8", "http://[fd12::1]/", true],
    ["fd12::1", "http://[fd12::1]/", true],
    ["[fd12::1]:80", "http://[fd12::1]/", true],
    ["10.0.0.0/99, ,nonsense/8", "http://10.1.2.3/", false],
    ["other, example.com", "http://example.com/", true],
    ["0.0.0.0/0", "http://example.com/", false],
  ])("NO_PROXY=%s for %s: direct is %s", (noProxy, url, direct) => {
    expect(through(url, { ...proxies, NO_PROXY: noProxy }) === undefined).toBe(direct);
    expect(through(url, { ...proxies, no_proxy: noProxy }) === undefined).toBe(direct);
  });

  test("that cannot be used is a Failure that names the variable, not its password", () => {
    const fault = (environment: Record<string, string>): unknown => {
      try {
        return proxyFor(new URL("http://a/"), environment);
      } catch (error) {
        return error;
      }
    };
    expect(fault({ HTTP_PROXY: "socks5://u:secret@x" })).toBeInstanceOf(Failure);
    expect(String(fault({ HTTP_PROXY: "socks5://u:secret@x" }))).toContain(
      "HTTP_PROXY names cannot be used: proxies of the kind socks5",
    );
    expect(String(fault({ HTTP_PROXY: "http://u:secret@:x" }))).not.toContain("secret");
  });

  test("is told who asks, whatever characters the name and password have", () => {
    const value = proxyAuthorization(new URL("http://us%40er:p%3Aw%C3%A4@proxy:1"));
    expect(value).toBe(`Basic ${Buffer.from("us@er:p:wä").toString("base64")}`);
    expect(proxyAuthorization(new URL("http://proxy:1"))).toBeUndefined();
  });
});
