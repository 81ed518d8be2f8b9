// Reads the QR codes that the app draws as SVG paths: version 13, level M, mask 0, without any fault to correct. Written from
// ISO/IEC 18004 and not from the app's encoder.

const SIDE = 69;
const QUIET = 4;
const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';
/** Data codewords of each block. */
const BLOCKS = [37, 37, 37, 37, 37, 37, 37, 37, 38];

/** What the code says whose dark modules this path draws. */
export function readCode(path: string): string {
  const dark = modules(path);
  const bits: boolean[] = [];
  let up = true;
  for (let right = SIDE - 1; right > 0; right -= 2) {
    if (right === 6) right -= 1;
    for (let step = 0; step < SIDE; step += 1) {
      const y = up ? SIDE - 1 - step : step;
      for (const x of [right, right - 1]) {
        if (!isPattern(x, y)) bits.push((dark[y]?.[x] ?? false) !== ((x + y) % 2 === 0));
      }
    }
    up = !up;
  }
  return letters(inOrder(codewords(bits)));
}

function modules(path: string): boolean[][] {
  const dark = Array.from({ length: SIDE }, () => Array<boolean>(SIDE).fill(false));
  for (const [, x, y, run] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let at = 0; at < Number(run); at += 1) {
      const row = dark[Number(y) - QUIET];
      if (row) row[Number(x) - QUIET + at] = true;
    }
  }
  return dark;
}

/** Finders with what is around them, timing, alignment, and what says the version and the format. */
function isPattern(x: number, y: number): boolean {
  const far = SIDE - 8;
  const finder = (x <= 8 && y <= 8) || (x >= far && y <= 8) || (x <= 8 && y >= far);
  const version = (x <= 5 && y >= far - 3 && y < far) || (y <= 5 && x >= far - 3 && x < far);
  const near = (centre: number, at: number) => Math.abs(at - centre) <= 2;
  const aligned = [6, 34, 62].some((cx) =>
    [6, 34, 62].some((cy) => {
      const corner = (cx === 6 && cy !== 34) || (cx === 62 && cy === 6);
      return !corner && near(cx, x) && near(cy, y);
    }),
  );
  return finder || version || aligned || x === 6 || y === 6;
}

function codewords(bits: boolean[]): number[] {
  const words: number[] = [];
  for (let at = 0; at + 8 <= bits.length; at += 8) {
    words.push(bits.slice(at, at + 8).reduce((word, bit) => word * 2 + Number(bit), 0));
  }
  return words;
}

/** The data of all blocks, one block after the other. */
function inOrder(words: number[]): number[] {
  const blocks: number[][] = BLOCKS.map(() => []);
  let next = 0;
  for (let at = 0; at < 38; at += 1) {
    BLOCKS.forEach((length, block) => {
      if (at < length) blocks[block]?.push(words[next++] ?? 0);
    });
  }
  return blocks.flat();
}

function letters(words: number[]): string {
  const bits = words.map((word) => word.toString(2).padStart(8, '0')).join('');
  const number = (from: number, length: number) => parseInt(bits.slice(from, from + length), 2);
  if (number(0, 4) !== 2) throw new Error('not a code of letters and figures');
  const count = number(4, 11);
  let text = '';
  let at = 15;
  for (; text.length + 2 <= count; at += 11) {
    const pair = number(at, 11);
    text += LETTERS.charAt(Math.floor(pair / 45)) + LETTERS.charAt(pair % 45);
  }
  return text.length < count ? text + LETTERS.charAt(number(at, 6)) : text;
}
