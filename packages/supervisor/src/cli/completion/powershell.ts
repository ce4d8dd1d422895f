/** Completion for PowerShell, Windows PowerShell 5.1 and later. Pure. */
import type { OptionDescription } from '@guruconnect/shared/option-description';
import { type Place, valuedOptions } from './model.ts';

/** PowerShell takes curly quotes for straight ones. */
const quote = (text: string): string => `'${text.replace(/['\u2018\u2019\u201a\u201b]/g, '$&$&')}'`;

const row = (word: string, about: string): string => `      ${quote(word)} = ${quote(about)}`;

const tableOf = ({ path, words, options }: Place): string =>
  [
    `    ${quote(path)} = [ordered]@{`,
    ...words.map(({ word, summary }) => row(word, summary)),
    ...options.map(({ name, summary }) => row(`--${name}`, summary)),
    '    }',
  ].join('\n');

/** Where there is nothing to choose from, PowerShell itself completes files. */
const valuesOf = ({ name, choices = [] }: OptionDescription): string =>
  `    ${quote(`--${name}`)} = @(${choices.map(quote).join(', ')})`;

/** @param names of the program, as it may be typed. */
export const powershellCompletion = (places: readonly Place[], names: readonly string[]): string => {
  const [program = ''] = names;
  return `# PowerShell completion of ${program}: ${program} completion powershell | Out-String | Invoke-Expression, in $PROFILE
Register-ArgumentCompleter -Native -CommandName ${names.map(quote).join(', ')} -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $places = @{
${places.map(tableOf).join('\n')}
  }
  $values = @{
${valuedOptions(places).map(valuesOf).join('\n')}
  }
  $before = @($commandAst.CommandElements | Select-Object -Skip 1 |
    Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { $_.Extent.Text })
  $place = ''
  foreach ($word in $before) {
    $next = "$place $word".Trim()
    if ($places.ContainsKey($next)) { $place = $next }
  }
  $last = if ($before.Count -gt 0) { $before[-1] } else { '' }
  $typed = "$wordToComplete"
  $prefix = ''
  if ($typed -match '^(--[a-z-]+)=(.*)$') {
    $last = $Matches[1]
    $typed = $Matches[2]
    $prefix = "$last="
  }
  $entries = @($places[$place].GetEnumerator())
  $words = @($entries | Where-Object { -not $_.Key.StartsWith('-') })
  $options = @($entries | Where-Object { $_.Key.StartsWith('-') })
  $found = if ($values.ContainsKey($last)) {
    $values[$last] | ForEach-Object { [pscustomobject]@{ Key = $_; Value = $_ } }
  } elseif ($typed.StartsWith('-') -or $words.Count -eq 0) { $options } else { $words }
  $found | Where-Object { $_.Key.StartsWith($typed, [StringComparison]::OrdinalIgnoreCase) } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new("$prefix$($_.Key)", $_.Key, 'ParameterValue', $_.Value)
  }
}
`;
};
