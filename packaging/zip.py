# SPDX-License-Identifier: ISC
"""Pack a folder, the same to the byte for the same files: zip.py FOLDER ARCHIVE"""

import os
import sys
import time
import zipfile


def files(folder):
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            yield os.path.join(place, name)


def main(folder, archive):
    with zipfile.ZipFile(archive, 'w') as target:
        for name in files(folder):
            info = zipfile.ZipInfo(name, time.gmtime(os.stat(name).st_mtime)[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            with open(name, 'rb') as file:
                target.writestr(info, file.read(), compresslevel=9)


main(*sys.argv[1:])
