import { statSync } from 'node:fs';
import type { Locator, Page } from 'playwright-core';
import sharp from 'sharp';

const barHeight = 40;

interface Frame {
  readonly picture: Buffer;
  readonly milliseconds: number;
}

/** A film of a window, frame by frame, each with a line below that says what is being done. */
export class Animation {
  readonly #page: Page;
  readonly #frames: Frame[] = [];
  #caption = '';

  constructor(page: Page) {
    this.#page = page;
  }

  /** What the frames from now on are about. */
  caption(text: string): void {
    this.#caption = text;
  }

  /** Adds the window as it is now, to be seen for a time; with a pointer on `target`, where one is given. */
  async frame(milliseconds: number, target?: Locator): Promise<void> {
    const shot = await this.#page.screenshot({ animations: 'disabled', caret: 'hide' });
    const { width = 0, height = 0 } = await sharp(shot).metadata();
    const box = await target?.boundingBox();
    const picture = await sharp({
      create: { width, height: height + barHeight, channels: 3, background: '#20264f' },
    })
      .composite([
        { input: shot, left: 0, top: 0 },
        { input: Buffer.from(captionBar(this.#caption, width)), left: 0, top: height },
        ...(box
          ? [
              {
                input: Buffer.from(pointer),
                left: Math.round(box.x + Math.min(box.width / 2, 120)),
                top: Math.round(box.y + box.height / 2),
              },
            ]
          : []),
      ])
      .png()
      .toBuffer();
    this.#frames.push({ picture, milliseconds });
  }

  /** Points at something, then clicks on it, and leaves: nothing is to show a hint that nobody asked for. */
  async click(target: Locator, milliseconds = 900): Promise<void> {
    await target.hover();
    await this.frame(milliseconds, target);
    await target.click();
    await this.#page.mouse.move(0, 0);
  }

  /** Writes all frames as an animated WebP that begins anew at its end, and resolves to its size in bytes. */
  async save(file: string): Promise<number> {
    await sharp(
      this.#frames.map(({ picture }) => picture),
      { join: { animated: true } },
    )
      .webp({
        delay: this.#frames.map(({ milliseconds }) => milliseconds),
        loop: 0,
        quality: 82,
        effort: 5,
        smartSubsample: true,
      })
      .toFile(file);
    return statSync(file).size;
  }

  /** The frames as they are, for whoever wants to look at them. */
  pictures(): readonly Buffer[] {
    return this.#frames.map(({ picture }) => picture);
  }
}

function captionBar(text: string, width: number): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${barHeight}">
    <text x="18" y="26" font-family="DejaVu Sans, sans-serif" font-size="17" fill="#ffffff">${escaped}</text>
  </svg>`;
}

const pointer = `<svg xmlns="http://www.w3.org/2000/svg" width="20" height="28">
  <path d="M2 2 L2 21 L7 16.5 L10.5 25 L14 23.5 L10.5 15.5 L17 15.5 Z" fill="#ffffff" stroke="#000000" stroke-width="1.5"/>
</svg>`;
