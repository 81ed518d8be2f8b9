// Measured in the page: these functions are sent there, so each must be whole in itself.

/** What sticks out of the screen at the side. */
export function overflowing(): string[] {
  const width = document.documentElement.clientWidth;
  if ((document.scrollingElement?.scrollWidth ?? 0) <= width) return [];
  return [...document.body.querySelectorAll('*')]
    .filter((element) => {
      const { left, right } = element.getBoundingClientRect();
      return right > width + 1 || left < -1;
    })
    .map((element) => element.outerHTML.slice(0, 80));
}

/** On a phone the middle of the screen scrolls and the bars stay: how far the whole page can be moved as well. */
export function scrollsOutside(): number {
  const middle = document.querySelector('.shell main');
  if (!middle || getComputedStyle(middle).overflowY !== 'auto') return 0;
  return (document.scrollingElement?.scrollHeight ?? 0) - window.innerHeight;
}

/** What is to be hit with a thumb and cannot be, on 44 by 44 pixels around its middle. */
export function smallTargets(): string[] {
  const REACH = 21;
  // What lies at the same place on the map lies on top of each other there; the list below it has each.
  const KIND = 'a[href]:not(.mark), button, input, textarea, select, label.choice';
  const found: string[] = [];
  for (const target of document.querySelectorAll<HTMLElement>(KIND)) {
    // Reached through its label; hidden until it has the focus; part of a sentence.
    if (target.matches('input[type=radio], .skip') || !target.checkVisibility()) continue;
    target.scrollIntoView({ block: 'center' });
    const { left, right, top, bottom } = target.getBoundingClientRect();
    const [x, y] = [(left + right) / 2, (top + bottom) / 2];
    const hits = ([dx, dy]: [number, number]) => {
      const hit = document.elementFromPoint(x + dx, y + dy);
      return hit?.closest(KIND) === target || hit?.closest('label')?.control === target || target.contains(hit);
    };
    const reached = ([[-REACH, 0], [REACH, 0], [0, -REACH], [0, REACH]] as [number, number][]).every(hits);
    if (!reached) found.push(`${target.outerHTML.slice(0, 80)} ${right - left}×${bottom - top}`);
  }
  return found;
}
