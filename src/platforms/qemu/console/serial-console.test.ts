import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { serialConsole } from "./serial-console.ts";

const limit = AbortSignal.timeout(5000);

test("a text is found across pieces and through colours, each time only once", async () => {
  const socket = new PassThrough();
  const logged: Buffer[] = [];
  const console = serialConsole(socket, (chunk) => void logged.push(chunk));
  const first = console.waitForText("login: ", limit);
  socket.write("\x1b[2J\x1b[1;32mmini log");
  socket.write("in:\x1b[0m\x00 password");
  await first;
  await console.waitForText("password", limit);
  await expect(console.waitForText("login", AbortSignal.timeout(20))).rejects.toThrow("timeout");
  const again = console.waitForText(/^(root|user)@\S+ \$$/m, limit);
  socket.write("\r\nLogin ok\r\nuser@h\xc3".slice(0, -1));
  socket.write(Buffer.from([0xc3]));
  socket.write(Buffer.from([0xbc, 0x20, 0x24]));
  await again;
  expect(Buffer.concat(logged).includes("\x1b[2J")).toBe(true);
  expect(console.tail(2)).toBe("Login ok\nuser@hü $");
});

test("a console that closes fails who waits, unless the text had come", async () => {
  const socket = new PassThrough();
  const console = serialConsole(socket);
  const waiting = console.waitForText("never", limit);
  socket.write("reboot");
  socket.destroy();
  await expect(waiting).rejects.toThrow('The console closed before it showed "never"');
  const other = new PassThrough();
  const late = serialConsole(other);
  other.end("bye");
  await late.waitForText("bye", limit);
});

test("a console that writes for ever takes no more memory", async () => {
  const socket = new PassThrough();
  const console = serialConsole(socket);
  for (let at = 0; at < 100; at++) socket.write("x".repeat(10_000));
  socket.write("END\n");
  await console.waitForText("END", limit);
  expect(console.tail(2).length).toBeLessThan(300_000);
});
