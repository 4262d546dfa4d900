/** Decodes bytes as `TextDecoder` does. */
export interface Decoder {
  decode(bytes?: Uint8Array, options?: { readonly stream?: boolean }): string;
}

/** How consoles on Windows, old programs, and Excel's "CSV (MS-DOS)" save text: the characters from 0x80 on. */
const CODE_PAGES: ReadonlyMap<string, string> = new Map([
  [
    'ibm850',
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0',
  ],
  [
    'ibm852',
    'ÇüéâäůćçłëŐőîŹÄĆÉĹĺôöĽľŚśÖÜŤťŁ×čáíóúĄąŽžĘę¬źČş«»░▒▓│┤ÁÂĚŞ╣║╗╝Żż┐└┴┬├─┼Ăă╚╔╩╦╠═╬¤đĐĎËďŇÍÎě┘┌█▄ŢŮ▀ÓßÔŃńňŠšŔÚŕŰýÝţ´\u00ad˝˛ˇ˘§÷¸°¨˙űŘř■\u00a0',
  ],
  [
    'ibm857',
    'ÇüéâäàåçêëèïîıÄÅÉæÆôöòûùİÖÜø£ØŞşáíóúñÑĞğ¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ºªÊËÈ\ufffdÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµ\ufffd×ÚÛÙìÿ¯´\u00ad±\ufffd¾¶§÷¸°¨·¹³²■\u00a0',
  ],
]);

/** Code pages that people name, and which of ours has the same letters. */
const LABELS: Readonly<Record<string, string>> = {
  '437': 'ibm850',
  '850': 'ibm850',
  '858': 'ibm850',
  '852': 'ibm852',
  '857': 'ibm857',
};

/**
 * The name of an encoding by a label of the Encoding Standard (https://encoding.spec.whatwg.org), or by that of a code page of DOS, such
 * as `cp850`, which the standard does not have.
 *
 * @throws {RangeError} Unknown label.
 */
export function encodingNamed(label: string): string {
  const [, page = ''] = /^(?:cp|ibm|dos|oem)?-?(\d{3})$/.exec(label.trim().toLowerCase()) ?? [];
  return LABELS[page] ?? new TextDecoder(label).encoding;
}

/** Creates the decoder of an encoding, by its name. It throws for malformed text if `fatal` is set. */
export function createDecoder(
  encoding: string,
  options: { readonly fatal?: boolean; readonly ignoreBOM?: boolean } = {},
): Decoder {
  const characters = CODE_PAGES.get(encoding);
  if (characters === undefined) return new TextDecoder(encoding, options);
  return {
    decode: (bytes = new Uint8Array()) =>
      Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
        .toString('latin1')
        .replaceAll(/[\x80-\xff]/g, (byte) => characters[byte.charCodeAt(0) - 0x80]!),
  };
}
