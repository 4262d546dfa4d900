import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync, type ZlibOptions } from 'node:zlib';

/** Why a response body cannot be used. The message ends the sentence `the response body is …`. */
export class BodyError extends Error {}

/** @param maxBytes - such as 1 MB. */
export function bodyTooLarge(maxBytes: number): BodyError {
  return new BodyError(`larger than ${maxBytes / 1024 / 1024} MB`);
}

/**
 * Decompresses a response body. No compression is requested, but a proxy may compress responses anyway.
 *
 * @param encoding - the `Content-Encoding` header.
 * @param maxBytes - most bytes of the decompressed body: a megabyte can hold a gigabyte.
 * @returns the text, or why there is none.
 */
export function decodeBody(body: Buffer, encoding: string | undefined, maxBytes: number): string | BodyError {
  if (encoding === undefined || body.length === 0) return body.toString();
  let decoded = body;
  // In the order in which they were applied (RFC 9110, section 8.4).
  for (const coding of encoding.toLowerCase().split(',').toReversed()) {
    const decompress = decompressorFor(coding.trim());
    if (decompress === undefined) return new BodyError(`in the unknown encoding "${coding.trim()}"`);
    try {
      decoded = decompress(decoded, { maxOutputLength: maxBytes });
    } catch (error) {
      const isTooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
      return isTooLarge ? bodyTooLarge(maxBytes) : new BodyError(`not valid ${coding.trim()} data`);
    }
  }
  return decoded.toString();
}

type Decompressor = (body: Buffer, options: ZlibOptions) => Buffer;

function decompressorFor(coding: string): Decompressor | undefined {
  switch (coding) {
    case '':
    case 'identity':
      return (body) => body;
    case 'gzip':
    case 'x-gzip':
      return gunzipSync;
    case 'deflate':
      return inflate;
    case 'br':
      return (body, { maxOutputLength }) => brotliDecompressSync(body, { maxOutputLength });
    default:
      return undefined;
  }
}

/** Some servers send the data without the zlib header that belongs to it, which starts with 8 in the low half of a byte. */
function inflate(body: Buffer, options: ZlibOptions): Buffer {
  return ((body[0] ?? 0) & 0x0f) === 8 ? inflateSync(body, options) : inflateRawSync(body, options);
}
