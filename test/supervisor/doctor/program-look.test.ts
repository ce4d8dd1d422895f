/** Of which files it is asked who can change them, by what the service has registered. */
import { NotHere } from '@guruconnect/supervisor/doctor/gather';
import { codeOf, findProgramWeakness } from '@guruconnect/supervisor/doctor/program-look';
import { codePaths, serviceProgram } from '@guruconnect/supervisor/manage/program-location';
import { imagePath } from '@guruconnect/supervisor/manage/service-definition';
import { test } from 'tap';
import { FACTS, SERVICE } from '../manage/status-cases.ts';

const DATA = String.raw`C:\data`;
const NODE = String.raw`C:\Program Files\nodejs\node.exe`;
const SCRIPT = String.raw`C:\other\node_modules\@guruconnect\supervisor\dist\main.js`;

test('this very program: all that it is made of', (t) => {
  const own = serviceProgram(DATA);
  for (const line of [imagePath(own), `${imagePath(own)} "--relay" "wss://x"`]) {
    const looks = codeOf(line, DATA);
    t.equal(looks.length, 2);
    t.same(looks[0]?.(), codePaths(own), 'whatever its arguments are');
  }
  t.end();
});

test('another program: its own files, and not those of this one', (t) => {
  const looks = codeOf(`"${NODE}" "${SCRIPT}" "service-run" "--data" "${DATA}"`, DATA);
  t.equal(looks.length, 2, 'the program, and all the files below its root');
  t.same(looks[0]?.(), { files: [NODE, SCRIPT], folders: [] });
  const packaged = codeOf(`${NODE} service-run --data ${DATA}`, DATA);
  t.equal(packaged.length, 2, 'the program, and what lies beside it');
  t.same(packaged[0]?.(), { files: [NODE], folders: [] });
  t.end();
});

test('where it cannot be told what runs, it is not said that nobody can change it', async (t) => {
  const lines = [
    String.raw`C:\P F\run service-run`,
    `"${NODE}" "x.js" "service-run"`,
    `"${NODE}" "${SCRIPT}"`,
    `"node.exe" "service-run"`,
  ];
  const read = () => Promise.reject(new Error('it was looked at'));
  for (const line of lines) {
    const service = { ...SERVICE, config: { ...SERVICE.config, imagePath: line } };
    await t.rejects(findProgramWeakness(read, { ...FACTS, service }), NotHere, line);
  }
});
