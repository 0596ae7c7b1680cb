#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Make a program's manual page, and its completion in shells, of its --help.

help.py NAME VERSION SOURCE DOCS MAN BASH ZSH FISH

SOURCE is the C file that has the text of --help, as `help[]`; DOCS is a file of Markdown
whose section "## NAME" has examples for the manual page.  The others are files to write.
"""

import re
import sys

PATCHES = 'chronus-list --patches 2>/dev/null'
MODULES = "chronus-list 2>/dev/null | cut -d ' ' -f 1"
REPEATED = ['--cc', '--connect', '--in', '--set']


class Option:
    """An option with its value's name, "" for none, other options of the line, and text"""

    def __init__(self, name, value, others, text):
        self.names = [name] + re.findall(r'--[a-z-]+', others or '')
        self.value = value or ''
        self.text = text or ''

    @property
    def choices(self):
        return self.value.split('|') if '|' in self.value else []

    @property
    def is_file(self):
        return self.value.endswith('FILE')


class Help:
    """The parts of a text of --help"""

    def __init__(self, text):
        paragraphs = text.strip('\n').split('\n\n')
        usage, *about = paragraphs[0].split('\n')
        self.usage = usage.replace('Usage: ', '', 1)
        self.about = ' '.join(about)
        self.options = []
        self.notes = []
        for paragraph in paragraphs[1:]:
            if paragraph.startswith('  --'):
                self.add_options(paragraph.split('\n'))
            else:
                self.notes.append(' '.join(paragraph.split('\n')))

    def add_options(self, lines):
        for line in lines:
            found = re.match(r'  (--[a-z-]+)(?: ([^ ,]+))?((?:, --[a-z-]+)*)(?: +(.*))?$', line)
            if found:
                self.options.append(Option(*found.groups()))
            else:
                option = self.options[-1]
                option.text = (option.text + ' ' + line.strip()).strip()

    @property
    def operand(self):
        """The name of what stands first after the options"""
        return re.sub(r'\[OPTION\]\.\.\.|[\[\].]', '', self.usage).split()[1]


def read_help(source, name):
    with open(source, encoding='utf-8') as file:
        text = re.search(r'\bhelp\[\] =(.*?");\n', file.read(), re.S).group(1)
    strings = re.findall(r'"((?:[^"\\]|\\.)*)"', text)
    letters = ''.join(strings).replace('\\n', '\n').replace('\\"', '"').replace('\\\\', '\\')
    letters = re.sub(r"\.  (?=\w)", ". ", letters)
    return Help(letters.replace('%1$s', name).replace('%%', '%'))


def read_section(docs, name):
    """The lines of the section on a program"""
    with open(docs, encoding='utf-8') as file:
        found = re.search(r'^## %s\n(.*?)(?=^## |\Z)' % re.escape(name), file.read(),
                          re.S | re.M)
    return found.group(1).strip('\n').split('\n') if found else []


# ---- The manual page

def roff(text):
    """Text as roff shows it"""
    text = text.replace('\\', '\\e').replace('-', '\\-')
    return re.sub(r"^([.'])", r'\\&\1', text)


def roff_markdown(text):
    """Markdown without pictures as roff shows it"""
    text = roff(re.sub(r'\[([^\]]*)\]\([^)]*\)', r'\1', text))
    return re.sub(r'`([^`]*)`', r'\\fB\1\\fR', text)


def roff_section(lines):
    """A section of Markdown: paragraphs, lists and examples"""
    made, was_code = [], False
    for line in lines:
        is_code = line.startswith('    ')
        if is_code != was_code:
            made += ['.PP', '.RS 4', '.nf'] if is_code else ['.fi', '.RE']
        was_code = is_code
        if is_code:
            made.append('\\fB%s\\fR' % roff(line[4:]))
        elif line.startswith('* '):
            made += ['.IP \\(bu 2', roff_markdown(line[2:])]
        else:
            made.append(roff_markdown(line.strip()) if line.strip() else '.PP')
    return made + (['.fi', '.RE'] if was_code else [])


def man(text, name, version, docs):
    first, _, rest = text.about.partition('. ')
    program, *words = text.usage.split()
    made = ['.\\" SPDX-License-Identifier: ISC',
            '.TH %s 1 "" "Chronus %s" "Chronus"' % (name.upper(), version),
            '.SH NAME', '%s \\- %s' % (roff(name), roff((first[0].lower() + first[1:]).rstrip('.'))),
            '.SH SYNOPSIS', '.B %s' % roff(program), roff(' '.join(words)),
            '.SH DESCRIPTION', roff(first.rstrip('.') + '.')]
    made += [roff(rest)] if rest else []
    made.append('.SH OPTIONS')
    for option in text.options:
        names = ', '.join('\\fB%s\\fR' % roff(n) for n in option.names)
        value = ' \\fI%s\\fR' % roff(option.value) if option.value else ''
        made += ['.TP', names + value, roff(option.text)]
    if text.notes:
        made.append('.SH NOTES')
        made += [line for note in text.notes for line in (roff(note), '.PP')][:-1]
    section = roff_section(read_section(docs, name))
    while section and section[0] == '.PP':
        section.pop(0)
    made += ['.SH EXAMPLES'] + section if section else []
    return '\n'.join(made) + '\n'


# ---- Completion

def words_of(text):
    """The command that lists what may be an operand, or None"""
    return {'PATCH': PATCHES, 'MODULE': MODULES}.get(text.operand)


def options_of(text):
    return [(name, option) for option in text.options for name in option.names]


def bash(text, name):
    function = '_' + name.replace('-', '_')
    cases = []
    for option_name, option in options_of(text):
        if option.choices:
            cases.append("  %s)\n    COMPREPLY=($(compgen -W '%s' -- \"$cur\"))\n    return ;;"
                         % (option_name, ' '.join(option.choices)))
        elif option.value and not option.is_file:
            cases.append('  %s) return ;;' % option_name)
    names = ' '.join(n for n, _ in options_of(text))
    words = words_of(text)
    listed = ('\n  [[ $cur == */* ]] ||\n    COMPREPLY+=($(compgen -W "$(%s)" -- "$cur"))' % words
              if words else '')
    lines = ['# SPDX-License-Identifier: ISC', '%s() {' % function,
             '  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}',
             '  COMPREPLY=()']
    if cases:
        lines += ['  case $prev in'] + cases + ['  esac']
    lines += ['  if [[ $cur == -* ]]; then',
              '    COMPREPLY=($(compgen -W \'%s\' -- "$cur"))' % names, '    return', '  fi',
              '  COMPREPLY=($(compgen -f -- "$cur"))' + listed, '}',
              'complete -o filenames -F %s %s' % (function, name)]
    return '\n'.join(lines) + '\n'


def zsh_text(text):
    return re.sub(r"([\[\]:\\])", r'\\\1', text).replace("'", "'\\''")


def zsh(text, name):
    lines = ['#compdef %s' % name, '# SPDX-License-Identifier: ISC']
    words = words_of(text)
    operands = '*: :_files'
    if words:
        lines += ['_%s_operands() {' % name.replace('-', '_'),
                  '  local -a names', '  names=(${(f)"$(%s)"})' % words,
                  "  _alternative 'names:name:compadd -a names' 'files:file:_files'", '}']
        operands = '*: :_%s_operands' % name.replace('-', '_')
    specs = []
    for option_name, option in options_of(text):
        action = ('(%s)' % ' '.join(option.choices) if option.choices
                  else '_files' if option.is_file else '')
        value = ':%s:%s' % (zsh_text(option.value.replace('|', ' ')), action) if option.value else ''
        star = '*' if option_name in REPEATED else ''
        specs.append("'%s%s[%s]%s'" % (star, option_name, zsh_text(option.text), value))
    lines.append('_arguments \\\n  ' + ' \\\n  '.join(specs + ["'%s'" % operands]))
    return '\n'.join(lines) + '\n'


def fish_text(text):
    return "'%s'" % text.replace('\\', '\\\\').replace("'", "\\'")


def fish(text, name):
    lines = ['# SPDX-License-Identifier: ISC']
    words = words_of(text)
    if words:
        lines.append('complete -c %s -a %s' % (name, fish_text('(%s)' % words)))
    for option_name, option in options_of(text):
        value = ('' if not option.value else
                 ' -x -a %s' % fish_text(' '.join(option.choices)) if option.choices else
                 ' -r' if option.is_file else ' -x')
        lines.append('complete -c %s -l %s%s -d %s' %
                     (name, option_name[2:], value, fish_text(option.text)))
    return '\n'.join(lines) + '\n'


def main():
    name, version, source, docs, *outs = sys.argv[1:]
    text = read_help(source, name)
    made = [man(text, name, version, docs), bash(text, name), zsh(text, name), fish(text, name)]
    for out, content in zip(outs, made):
        with open(out, 'w', encoding='utf-8') as file:
            file.write(content)


if __name__ == '__main__':
    main()
