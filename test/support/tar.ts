/** A tar archive of texts, in the ustar format; long paths get a GNU long name. */
const block = 512;

function header(path: string, size: number, type: string): Buffer {
  const out = Buffer.alloc(block);
  out.write(path.slice(0, 100), 0);
  out.write('0000644\0', 100);
  out.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  out.write('        ', 148);
  out.write(type, 156);
  out.write('ustar\0', 257);
  const sum = out.reduce((total, byte) => total + byte, 0);
  out.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return out;
}

function padded(data: Buffer): Buffer {
  return Buffer.concat([data, Buffer.alloc((block - (data.length % block)) % block)]);
}

export function tarOf(files: Readonly<Record<string, string>>): Uint8Array<ArrayBuffer> {
  const parts = Object.entries(files).flatMap(([path, text]) => {
    const data = Buffer.from(text);
    const name = Buffer.from(`${path}\0`);
    const long = path.length > 100 ? [header('././@LongLink', name.length, 'L'), padded(name)] : [];
    return [...long, header(path, data.length, '0'), padded(data)];
  });
  return new Uint8Array(Buffer.concat([...parts, Buffer.alloc(2 * block)]));
}
