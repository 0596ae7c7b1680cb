#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Fill in who publishes which version of Chronus, in what software centres and packagers read.

fill.py SOURCE TARGET [ARCHIVE]
fill.py --print NAME

Every @NAME@ of SOURCE is replaced by its value, for which NEWS and ttl/chronus.ttl are the
source: VERSION, PUBLISHER, MAIL, HOMEPAGE, RPM_DATE, RELEASES (elements of AppStream), and
SHA256 of ARCHIVE.  With --print, the value goes to stdout: one of those, or

RELEASED    when the version was released, as a line ' -- Name <mail>  date' below its changes
            in NEWS, or nothing for one that is not yet
EPOCH       seconds since 1970 of that, else of the last commit, else of NEWS; the variable
            SOURCE_DATE_EPOCH goes before them
PLACEHOLDER what of the publisher is not of this world yet
"""

import email.utils
import hashlib
import os
import re
import subprocess
import sys
import time

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..')
DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']


def read(name):
    with open(os.path.join(TOP, name), encoding='utf-8') as file:
        return file.read()


def versions():
    """Versions of NEWS, newest first, each with its date in seconds, None without one"""
    found = []
    for entry in re.split(r'^(?=chronus \()', read('NEWS'), flags=re.M)[1:]:
        version = re.match(r'chronus \(([^)]*)\)', entry).group(1)
        date = re.search(r'^ -- .*>  (.*)$', entry, flags=re.M)
        seconds = email.utils.parsedate_to_datetime(date.group(1)).timestamp() if date else None
        found.append((version, seconds))
    return found


def publisher(predicate):
    """A value of the one place that names the publisher"""
    pattern = r'foaf:%s (?:"|<)(?:mailto:)?([^">]*)' % predicate
    return re.search(pattern, read('ttl/chronus.ttl')).group(1)


def epoch():
    if 'SOURCE_DATE_EPOCH' in os.environ:
        return int(os.environ['SOURCE_DATE_EPOCH'])
    released = versions()[0][1]
    if released is not None:
        return int(released)
    try:
        # A repository around an unpacked archive is not ours
        top = ['git', '-C', TOP, '-c', 'safe.directory=*']
        prefix = subprocess.check_output(top + ['rev-parse', '--show-prefix'],
                                         stderr=subprocess.DEVNULL, text=True)
        if not prefix.strip():
            return int(subprocess.check_output(top + ['log', '-1', '--format=%ct'],
                                               stderr=subprocess.DEVNULL))
    except (OSError, subprocess.CalledProcessError):
        pass
    return int(os.stat(os.path.join(TOP, 'NEWS')).st_mtime)


def releases():
    lines = ['    <release version="%s" date="%s"/>' %
             (version, time.strftime('%Y-%m-%d', time.gmtime(seconds)))
             for version, seconds in versions() if seconds is not None]
    return '\n'.join(['  <releases>'] + lines + ['  </releases>']) if lines else ''


def rpm_date():
    now = time.gmtime(epoch())
    return '%s %s %02d %d' % (DAYS[now.tm_wday], MONTHS[now.tm_mon - 1], now.tm_mday, now.tm_year)


def released():
    seconds = versions()[0][1]
    return '' if seconds is None else email.utils.formatdate(seconds)


def placeholder():
    values = [publisher(name) for name in ['mbox', 'homepage']]
    return ' '.join(value for value in values if re.search(r'\.(invalid|example)\b', value))


VALUES = {
    'VERSION': lambda: versions()[0][0],
    'PUBLISHER': lambda: publisher('name'),
    'MAIL': lambda: publisher('mbox'),
    'HOMEPAGE': lambda: publisher('homepage').rstrip('/'),
    'RPM_DATE': rpm_date,
    'RELEASES': releases,
    'RELEASED': released,
    'EPOCH': lambda: str(epoch()),
    'PLACEHOLDER': placeholder,
}


def sha256(name):
    with open(name, 'rb') as file:
        return hashlib.sha256(file.read()).hexdigest()


def fill(source, target, archive=None):
    values = dict(VALUES, **({'SHA256': lambda: sha256(archive)} if archive else {}))
    with open(source, encoding='utf-8') as file:
        text = file.read()
    for name in set(re.findall(r'@([A-Z0-9_]+)@', text)):
        if name not in values:
            sys.exit("fill.py: %s has @%s@, which nothing is known of" % (source, name))
        text = text.replace('@%s@' % name, values[name]())
    with open(target, 'w', encoding='utf-8') as file:
        file.write(text)


def main(arguments):
    if len(arguments) == 2 and arguments[0] == '--print' and arguments[1] in VALUES:
        print(VALUES[arguments[1]]())
    elif len(arguments) in [2, 3] and not arguments[0].startswith('-'):
        fill(*arguments)
    else:
        sys.exit(__doc__)


if __name__ == '__main__':
    main(sys.argv[1:])
