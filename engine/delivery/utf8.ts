/** The text of UTF-8 bytes. The engine has no TextDecoder. Throws URIError on bytes that are none. */
export function utf8ToText(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at] ?? 0;
    const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    let percent = '';
    if (length === 1) text += String.fromCharCode(first);
    else
      for (const byte of bytes.subarray(at, at + length)) percent += `%${byte.toString(16).padStart(2, '0')}`;
    if (percent !== '') text += decodeURIComponent(percent);
    at += length;
  }
  return text;
}
