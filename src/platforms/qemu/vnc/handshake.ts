import type { Duplex } from "node:stream";
import { Failure } from "../../../sdk/failure.ts";
import type { ByteReader } from "./byte-reader.ts";
import { answerChallenge } from "./vnc-password.ts";

const NONE = 1;
const VNC_PASSWORD = 2;

/** Agrees on RFB 3.8, proves the password where one is wanted, and asks for a shared screen. Gives the screen's size. */
export async function shakeHands(
  socket: Duplex,
  reader: ByteReader,
  password: string | undefined,
): Promise<{ readonly width: number; readonly height: number }> {
  const banner = (await reader.take(12)).toString("latin1");
  const [, major, minor] = /^RFB (\d{3})\.(\d{3})\n$/.exec(banner) ?? [];
  if (major === undefined || Number(major) * 1000 + Number(minor) < 3008) {
    throw new Failure(`What listens there speaks no VNC of version 3.8: it said ${JSON.stringify(banner)}`);
  }
  socket.write("RFB 003.008\n");
  const offered = [...(await reader.take(byte(await reader.take(1))))];
  if (offered.length === 0) throw new Failure(`The VNC server refused: ${await text(reader)}`);
  await authenticate(socket, reader, offered, password);
  if ((await reader.take(4)).readUInt32BE(0) !== 0) {
    throw new Failure(`The VNC server refused the password: ${await text(reader)}`);
  }
  socket.write(Buffer.of(1));
  const about = await reader.take(24);
  await reader.take(about.readUInt32BE(20));
  return { width: about.readUInt16BE(0), height: about.readUInt16BE(2) };
}

async function authenticate(
  socket: Duplex,
  reader: ByteReader,
  offered: readonly number[],
  password: string | undefined,
): Promise<void> {
  if (password !== undefined && offered.includes(VNC_PASSWORD)) {
    socket.write(Buffer.of(VNC_PASSWORD));
    socket.write(answerChallenge(await reader.take(16), password));
  } else if (offered.includes(NONE)) {
    socket.write(Buffer.of(NONE));
  } else {
    throw new Failure(
      offered.includes(VNC_PASSWORD)
        ? "The VNC server wants a password, and none was given"
        : `The VNC server offers no way to log in that is known here (it offers ${offered.join(", ")})`,
    );
  }
}

function byte(bytes: Buffer): number {
  return bytes.readUInt8(0);
}

async function text(reader: ByteReader): Promise<string> {
  const length = (await reader.take(4)).readUInt32BE(0);
  return (await reader.take(Math.min(length, 4096))).toString("utf8");
}
