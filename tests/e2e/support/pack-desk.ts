// Whoever writes an organisation's guidance: a folder of texts, a key, and the server's own commands.

import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { serverBinary, temporaryFolder } from './environment';

const run = promisify(execFile);

export class PackDesk {
  private made = 0;

  private constructor(
    private readonly folder: string,
    readonly remove: () => Promise<void>,
    private readonly data: string,
    private readonly org: string[],
  ) {}

  /** `data` is where the server keeps what it has; `org` is for a server with several organisations. */
  static async open(data: string, org?: string): Promise<PackDesk> {
    const { path, remove } = await temporaryFolder();
    const desk = new PackDesk(path, remove, data, org ? ['--org', org] : []);
    await mkdir(join(path, 'pack', 'cards'), { recursive: true });
    await desk.key('secret');
    return desk;
  }

  key = (name: string) => this.command('key', join(this.folder, name));

  /** A pack of this version with a card whose first step is `step`, and so many `more` that say the same; signed, and where it is. */
  async sign(version: number, step: string, { expires = '2099-01-01', key = 'secret', more = 0 } = {}): Promise<string> {
    const pack = join(this.folder, 'pack');
    const about = ['id: org.example', `version: ${version}`, 'title: Our rules', 'issued: 2024-01-01', `expires: ${expires}`, 'languages: en'];
    await writeFile(join(pack, 'pack.md'), `---\n${about.join('\n')}\n---\n`);
    const head = ['title: Checkpoint here', 'words: roadblock, barrier, post', 'field: transport', `revision: ${version}`, 'when: checkin:checkpoint', 'sources: Our own'];
    const body = `## do\n1. ${step}\n2. Wait for the sign.\n3. Drive on slowly.\n## why\nIt is our rule.\n## avoid\n- Do not hurry.\n## tell\n- The radio room.\n`;
    const others = Array.from({ length: more }, (_, at) => `rule-${at + 1}`);
    for (const id of ['checkpoint', ...others]) {
      const own = id === 'checkpoint' ? head : head.map((line) => line.replace('Checkpoint here', `Our ${id}`));
      await writeFile(join(pack, 'cards', `${id}.en.md`), `---\n${own.join('\n')}\n---\n${body}`);
    }
    const out = join(this.folder, `signed-${this.made++}`);
    await this.command('sign', pack, '--key', join(this.folder, key), '--out', out);
    return out;
  }

  /** Another file of the pack, such as `levels.md`. */
  write = (path: string, text: string) => writeFile(join(this.folder, 'pack', path), text);

  publish = (signed: string, ...more: string[]) => this.command('publish', signed, '--data', this.data, ...this.org, ...more);

  /** Which device has which version, in the words of the command. */
  list = () => this.command('list', '--data', this.data, ...this.org);

  /** The release as a server would offer it. */
  manifest = (signed: string) => readFile(join(signed, 'manifest.json'), 'utf8');

  files = (signed: string) => readdir(join(signed, 'files'));

  clear = (signed: string) => rm(signed, { recursive: true });

  private async command(...args: string[]): Promise<string> {
    const { stdout } = await run(serverBinary(), ['pack', ...args]);
    return stdout;
  }
}
