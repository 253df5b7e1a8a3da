import type { Duplex } from "node:stream";
import { SshFault } from "./ssh-fault.ts";

/** The most that a server may say before its banner (RFC 4253 4.2). */
const LONGEST = 16 * 1024;

/**
 * Waits until the server has said that it speaks SSH. The stream is as before then: paused, with all that was read.
 * Milliseconds.
 */
export function untilBanner(stream: Duplex, where: string, limit: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let heard = Buffer.alloc(0);
  const closed = (cause?: unknown): void => {
    const said = heard.length > 0 ? ` after it said ${quoted(heard)}` : "";
    reject(new SshFault("banner", `${where} closes the connection before an SSH banner${said}`, { cause }));
  };
  const listen = (chunk: Buffer): void => {
    heard = Buffer.concat([heard, chunk]);
    if (/(^|\n)SSH-[^\n]*\n/.test(heard.toString("latin1"))) {
      stream.pause();
      stream.unshift(heard);
      resolve();
    } else if (heard.length > LONGEST || /^(HTTP|220[ -]|\* OK|RFB )/.test(heard.toString("latin1"))) {
      reject(new SshFault("banner", `${where} does not speak SSH: it said ${quoted(heard)}`));
    }
  };
  const timer = setTimeout(() => {
    const text = `${where} accepts connections, but sends no SSH banner (waited ${limit / 1000} s)`;
    reject(new SshFault("banner", text));
  }, limit);
  const stop = (): void => reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  const ended = (): void => closed();
  stream.on("data", listen).once("error", closed).once("end", ended).once("close", ended);
  // A proxy's answer was read from it before: it is paused then.
  stream.resume();
  return promise.finally(() => {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
    stream.off("data", listen).off("error", closed).off("end", ended).off("close", ended);
  });
}

function quoted(bytes: Buffer): string {
  return JSON.stringify(bytes.toString("latin1", 0, 60).trim());
}
