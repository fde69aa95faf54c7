// Whose machine code a file is, by its own header: ELF (Linux), Mach-O (macOS), PE (Windows), WebAssembly.

const elf = { 62: 'x64', 183: 'arm64' };
const machO = { 16777223: 'x64', 16777228: 'arm64' };
const portableExecutable = { 34404: 'x64', 43620: 'arm64' };

/**
 * The platform that a file's machine code is for, such as `linux-x64`, `alpine-arm64`, `darwin-x64`, `win32-arm64` or `wasm`; undefined for
 * a file without any.
 */
export function machineOf(content) {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  if (bytes.length < 64) return undefined;
  const magic = bytes.readUInt32BE(0);
  if (magic === 0x7f454c46) {
    // Which C library it is linked to stands among the names of the libraries that it needs.
    const system = bytes.includes('libc.musl-') ? 'alpine' : 'linux';
    return `${system}-${elf[bytes.readUInt16LE(18)] ?? 'other'}`;
  }
  if (magic === 0xcffaedfe) return `darwin-${machO[bytes.readUInt32LE(4)] ?? 'other'}`;
  if (magic === 0xcafebabe) return 'darwin-several';
  if (magic === 0x0061736d) return 'wasm';
  if (bytes.readUInt16BE(0) === 0x4d5a) {
    const header = bytes.readUInt32LE(0x3c);
    const isExecutable = header + 6 <= bytes.length && bytes.readUInt32BE(header) === 0x50450000;
    if (isExecutable) return `win32-${portableExecutable[bytes.readUInt16LE(header + 4)] ?? 'other'}`;
  }
  return undefined;
}
