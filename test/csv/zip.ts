import { crc32, deflateRawSync } from 'node:zlib';

/** A part of an archive, which may declare a wrong size. */
export interface Part {
  readonly content: string | Uint8Array;
  /** The size that the archive declares. */
  readonly claimedBytes?: number;
}

/** A zip archive. */
export function zip(parts: Readonly<Record<string, string | Uint8Array | Part>>): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, value] of Object.entries(parts)) {
    const part = typeof value === 'string' || value instanceof Uint8Array ? { content: value } : value;
    const content = Buffer.from(part.content);
    const packed = deflateRawSync(content);
    const path = Buffer.from(name);
    const header = Buffer.alloc(26);
    header.writeUInt16LE(20, 0);
    header.writeUInt16LE(8, 4);
    header.writeUInt32LE(crc32(content), 10);
    header.writeUInt32LE(packed.length, 14);
    header.writeUInt32LE(part.claimedBytes ?? content.length, 18);
    header.writeUInt16LE(path.length, 22);
    const file = Buffer.concat([Buffer.from('PK\x03\x04'), header, path, packed]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\0'), header, rest, path]));
    files.push(file);
    offset += file.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(directory.length, 4);
  end.writeUInt16LE(directory.length, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...files, central, Buffer.from('PK\x05\x06'), end]);
}
