import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { crc32 as zlibCrc32 } from 'node:zlib';

/**
 * A zip archive whose parts may be far larger than memory: they are compressed as they are generated.
 *
 * @param {Record<string, string | Uint8Array | AsyncIterable<Uint8Array>>} parts
 * @param {() => import('node:stream').Transform} createDeflateRaw
 */
export async function archiveOf(parts, createDeflateRaw) {
  const files = [];
  const directory = [];
  let offset = 0;
  for (const [name, content] of Object.entries(parts)) {
    let size = 0;
    let crc = 0;
    const counted = async function* () {
      const chunks =
        typeof content === 'string' || content instanceof Uint8Array ? [Buffer.from(content)] : content;
      for await (const chunk of chunks) {
        size += chunk.length;
        crc = zlibCrc32(chunk, crc);
        yield chunk;
      }
    };
    const packed = await buffer(Readable.from(counted()).pipe(createDeflateRaw()));
    const path = Buffer.from(name);
    const header = Buffer.alloc(26);
    header.writeUInt16LE(20, 0);
    header.writeUInt16LE(8, 4);
    header.writeUInt32LE(crc, 10);
    header.writeUInt32LE(packed.length, 14);
    header.writeUInt32LE(size, 18);
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
