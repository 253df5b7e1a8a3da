/** What a frame of yamux carries. The header is 12 bytes, big-endian: version, type, flags, stream, length. */
export interface Frame {
  readonly type: number;
  readonly flags: number;
  /** 0: the session itself. */
  readonly stream: number;
  /** Of data: how many bytes follow. Else: credit, the id of a ping, or why the session ends. */
  readonly length: number;
}

export const TYPE = { data: 0, window: 1, ping: 2, goAway: 3 } as const;
export const FLAG = { syn: 1, ack: 2, fin: 4, rst: 8 } as const;
export const GO_AWAY = { normal: 0, protocolError: 1, internalError: 2 } as const;

/** Bytes that either side may send on a stream before the other gives more credit. */
export const INITIAL_WINDOW = 256 * 1024;

export const HEADER_SIZE = 12;

export function encodeHeader({ type, flags, stream, length }: Frame): Buffer {
  const header = Buffer.alloc(HEADER_SIZE);
  header.writeUInt8(type, 1);
  header.writeUInt16BE(flags, 2);
  header.writeUInt32BE(stream, 4);
  header.writeUInt32BE(length, 8);
  return header;
}

/** Throws an Error for what is no header of yamux. */
export function decodeHeader(header: Buffer): Frame {
  const version = header.readUInt8(0);
  const type = header.readUInt8(1);
  if (version !== 0) throw new Error(`version ${version} of yamux is not known`);
  if (type > TYPE.goAway) throw new Error(`a frame of yamux cannot be of type ${type}`);
  return { type, flags: header.readUInt16BE(2), stream: header.readUInt32BE(4), length: header.readUInt32BE(8) };
}
