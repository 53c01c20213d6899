/// <reference lib="dom" />
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { App } from 'cdk8s';
import { Diagram } from 'cdk8s-best-practices';
import { type Browser, chromium, type Page } from 'playwright-core';
import { ThreeTier } from '../../examples/three-tier/chart';
import { shop } from '../../examples/three-tier/main';
import { manyBlocks } from '../report/diagram-apps';

let browser: Browser;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pages-'));
  // root, as in containers, has no sandbox
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  });
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

const PICTURES: ReadonlyArray<readonly [string, () => App]> = [
  ['of the three tiers', threeTiers],
  ['of 200 blocks', manyBlocks],
];

function threeTiers(): App {
  const app = new App();
  new ThreeTier(app, shop);
  return app;
}

describe.each(PICTURES)('the page %s', (_, build) => {
  let file: string;
  beforeAll(() => {
    file = join(folder, 'app.html');
    Diagram.of(build()).writeTo(file, { title: 'Shop' });
  });

  test.each(['light', 'dark'] as const)('is readable in %s, and loads nothing', async (colorScheme) => {
    const { page, requested, complaints } = await open(file, colorScheme);
    expect(requested).toEqual([pathToFileURL(file).href]);
    expect(complaints).toEqual([]);
    expect(await overflowing(page)).toEqual([]);
    const contrasts = await contrastsOf(page);
    // WCAG 2.2, level AA: text, then the outlines of boxes
    expect(Math.min(...contrasts.texts)).toBeGreaterThanOrEqual(4.5);
    expect(Math.min(...contrasts.lines)).toBeGreaterThanOrEqual(3);
    expect((await page.evaluate(() => getComputedStyle(document.body).backgroundColor)) === 'rgb(255, 255, 255)').toBe(
      colorScheme === 'light',
    );
    await page.close();
  });

  test('shows the connections of the block under the pointer', async () => {
    const { page } = await open(file, 'light');
    const thick = (): Promise<number> =>
      page.evaluate(
        () =>
          [...document.querySelectorAll('.link path')].filter((path) => getComputedStyle(path).strokeWidth === '3px')
            .length,
      );
    const [box, links] = await page.evaluate(() => {
      const path = document.querySelector('.link path')?.getAttribute('class') ?? '';
      const [from] = path.split('-');
      const own = [...document.querySelectorAll('.link path')].map((each) => each.getAttribute('class') ?? '');
      return [from, own.filter((each) => each.split('-').includes(from)).length] as const;
    });
    expect(await thick()).toBe(0);
    await page.locator(`#${box}`).focus();
    expect(await thick()).toBe(links);
    await page.close();
  });

  test('is complete on paper, in dark mode too', async () => {
    const { page } = await open(file, 'dark');
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    const [picture, paper] = await page.evaluate(() => [
      document.querySelector('svg')?.getBoundingClientRect().width ?? Infinity,
      document.documentElement.clientWidth,
    ]);
    expect(picture).toBeLessThanOrEqual(paper);
    expect(await page.evaluate(() => getComputedStyle(document.body).color)).toBe('rgb(28, 39, 51)');
    const pdf = await page.pdf({ preferCSSPageSize: true });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    await page.close();
  });
});

interface Opened {
  readonly page: Page;
  readonly requested: string[];
  readonly complaints: string[];
}

async function open(file: string, colorScheme: 'light' | 'dark'): Promise<Opened> {
  const page = await browser.newPage({ colorScheme, viewport: { width: 1400, height: 900 } });
  const [requested, complaints]: [string[], string[]] = [[], []];
  page.on('request', (request) => requested.push(request.url()));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(pathToFileURL(file).href);
  return { page, requested, complaints };
}

/** Texts that leave their box, and boxes that leave the picture. */
function overflowing(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const picture = document.querySelector('svg') as SVGSVGElement;
    return [...picture.querySelectorAll('.box')].flatMap((box) => {
      const outline = (box.querySelector('rect') as SVGGraphicsElement).getBBox();
      const right = outline.x + outline.width;
      const texts = [...box.querySelectorAll('text')].filter((text) => {
        const { x, width, y, height } = text.getBBox();
        return x < outline.x || x + width > right || y < outline.y || y + height > outline.y + outline.height;
      });
      const leaves =
        right > picture.viewBox.baseVal.width || outline.y + outline.height > picture.viewBox.baseVal.height;
      return [...texts.map((text) => text.textContent ?? ''), ...(leaves ? [box.id] : [])];
    });
  });
}

/** The contrast of each kind of text, and of each kind of outline, with what is behind it. */
function contrastsOf(page: Page): Promise<{ texts: number[]; lines: number[] }> {
  return page.evaluate(() => {
    const luminance = (color: string): number => {
      const [r, g, b] = (color.match(/[\d.]+/g) ?? []).slice(0, 3).map((value) => {
        const part = Number(value) / 255;
        return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const contrast = (a: string, b: string): number => {
      const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
      return (light + 0.05) / (dark + 0.05);
    };
    const style = (selector: string): CSSStyleDeclaration =>
      getComputedStyle(document.querySelector(selector) as Element);
    const ground = getComputedStyle(document.body).backgroundColor;
    const box = style('.box.workload rect').fill;
    const area = style('.area:not(.outside) rect').fill;
    return {
      texts: [
        contrast(style('body').color, ground),
        contrast(style('th').color, ground),
        contrast(style('.box .name').fill, box),
        contrast(style('.box text:not(.name)').fill, box),
        contrast(style('.area text').fill, area),
        contrast(style('.link text').fill, area),
      ],
      lines: [
        contrast(style('.box.workload rect').stroke, area),
        contrast(style('.box.exposed rect').stroke, area),
        contrast(style('.box.keeps rect').stroke, area),
        contrast(style('.link path').stroke, area),
      ],
    };
  });
}
