#!/usr/bin/env python
# SPDX-License-Identifier: ISC

import hashlib
import os
import re
import sys
import tempfile

from waflib import Context, Scripting, Utils
from waflib.Tools import c_preproc

APPNAME = 'chronus'
VERSION = '0.1.0'

top = '.'
out = 'build'

WARNINGS = ['-Wall', '-Wextra', '-Wconversion']
FLAGS = ['-std=c11', '-g', '-fno-math-errno', '-fno-trapping-math',
         '-ffp-contract=off', '-fvisibility=hidden']
# Vectors never cross objects, so it does not matter how they would
FLAGS += ['-Wno-psabi']
SANITIZE = ['-fsanitize=address,undefined,float-cast-overflow',
            '-fno-sanitize-recover=all', '-fno-omit-frame-pointer']

# All symbols are bound at the start, after which nothing can change where they lead
RELRO = ['-Wl,-z,relro', '-Wl,-z,now']
GUARDS = ['-fstack-protector-strong', '-U_FORTIFY_SOURCE']

# Code that breaks GCC 12 when it makes vectors for arm64
WIDENED_MAXIMUM = """
#include <math.h>
double maximum(const float* x, int n);
double maximum(const float* x, int n)
{
  double most = 0.0;
  for (int i = 0; i < n; ++i) { most = fmax(most, (double)x[i]); }
  return most;
}
int main(void) { return 0; }
"""

POSIX = ['_XOPEN_SOURCE=700']

# Libraries that read the bundle's Turtle while it is built
GENERATOR_LIBRARIES = {'SERD': 'serd-0', 'SORD': 'sord-0'}
TOOL_LIBRARIES = {'LILV': 'lilv-0', 'SNDFILE': 'sndfile', **GENERATOR_LIBRARIES}
TOOL_USE = 'LILV SERD SORD SNDFILE M GUARDS PROGRAM'
TOOL_DEFINES = POSIX + ['CHRONUS_VERSION="%s"' % VERSION]
TEST_LIBRARIES = {'CHECK': 'check', 'FFTW': 'fftw3', 'JACK': 'jack', 'SMF': 'smf'}

# Flags that give 32-bit x86 the doubles of x86-64, to the last bit
X86_FLAGS = ['-msse2', '-mfpmath=sse']

# The environment of waf for the machine that builds, where that is another
BUILD_MACHINE = 'build_machine'

BASELINE = 'lv2_baseline/%s.lv2/' % APPNAME

# The program that fills in who publishes which version
FILL = 'tools/generate/fill.py'

# Programs that need FFTW, and the one that needs JACK
INSTRUMENTS = ['tools/bench.c', 'tools/measure.c']
PLAYER = 'tools/play.c'

# The programs that are installed, by the files that hold their --help
INSTALLED = {'list': 'tools/list.c', 'patch2carla': 'tools/patch2carla.c',
             'patch2ingen': 'tools/patch2ingen.c', 'patch2lv2': 'tools/patch2lv2.c', 'patch2svg': 'tools/patch2svg.c',
             'play': 'tools/play/options.c', 'plot': 'tools/plot.c',
             'render': 'tools/host/render_options.c'}

# Files made of a --help, and where they go: a manual page, and completion in shells
GUIDES = {'man/%s.1': '${MANDIR}/man1', 'bash/%s': '${DATADIR}/bash-completion/completions',
          'zsh/_%s': '${DATADIR}/zsh/site-functions',
          'fish/%s.fish': '${DATADIR}/fish/vendor_completions.d'}


def options(opt):
    opt.load('compiler_c gnu_dirs')
    group = opt.add_option_group('Chronus options')
    group.add_option('--lv2dir', help='where bundles are installed [PREFIX/lib/lv2]')
    group.add_option('--debug', action='store_true', help='build without optimisation')
    group.add_option('--strict', action='store_true', help='make warnings errors')
    group.add_option('--no-avx2', action='store_true',
                     help='leave out the code for processors with AVX2')
    group.add_option('--modgui', action='store_true',
                     help="make what MOD's interface shows of the plugins")
    group.add_option('--sanitize', action='store_true',
                     help='build with the address and undefined behaviour sanitizers')


def configure(conf):
    if 'CC_FOR_BUILD' in conf.environ:
        configure_build_machine(conf)
    configure_compiler(conf)
    check_libraries(conf, {'LV2': 'lv2'})
    # The headers of LV2 and C are all that a plugin may see of the system
    conf.env.LIB_LV2 = []
    if not is_cross(conf):
        check_libraries(conf, GENERATOR_LIBRARIES)
    check_libraries(conf, TOOL_LIBRARIES, mandatory=False)
    check_libraries(conf, TEST_LIBRARIES, mandatory=False)
    configure_tools(conf)
    if conf.options.modgui and (is_cross(conf) or not conf.env.TOOLS):
        conf.fatal('--modgui runs the plugins that are built, with programs, and cannot')
    conf.env.MODGUI = conf.options.modgui

    if conf.options.sanitize:
        conf.env.append_unique('CFLAGS', SANITIZE)
        conf.env.append_unique('LINKFLAGS', SANITIZE)

    conf.env.LV2DIR = lv2dir(conf)
    check_folders(conf)
    configure_paths(conf)
    configure_hardening(conf)
    configure_avx2(conf)
    # As hosts of LV2 expect it, with no "lib" before it
    conf.env.cshlib_PATTERN = '%s.dll' if conf.env.DEST_OS == 'win32' else '%s.so'


def configure_compiler(conf):
    conf.load('compiler_c gnu_dirs')
    if 'AR' not in conf.environ:
        # That of another machine's compiler is not the first on PATH
        conf.env.AR = conf.cmd_and_log(conf.env.CC + ['-print-prog-name=ar']).split('\n')[:1]
    conf.check_cc(lib='m', uselib_store='M')

    conf.env.append_unique('CFLAGS', FLAGS + WARNINGS)
    conf.env.append_unique('CFLAGS', ['-O0'] if conf.options.debug else ['-O3'])
    if conf.options.strict:
        conf.env.append_unique('CFLAGS', ['-Werror'])
    if conf.env.DEST_CPU == 'x86':
        conf.env.append_unique('CFLAGS', X86_FLAGS)
        # Files may be longer than 32 bits count
        conf.env.append_unique('DEFINES', ['_FILE_OFFSET_BITS=64', '_TIME_BITS=64'])
    if conf.env.DEST_OS == 'win32':
        # isfinite() is a macro there, which converts to types that it does not take
        conf.env.append_unique('CFLAGS', ['-Wno-float-conversion'])
    if not conf.check_cc(fragment=WIDENED_MAXIMUM, mandatory=False,
                         msg='Checking for vectors in programs'):
        conf.env.CFLAGS_PROGRAM = ['-fno-tree-loop-vectorize']


def configure_build_machine(conf):
    """CC_FOR_BUILD, for the programs that run while others are built for elsewhere"""
    target = conf.environ
    ours = ['CC', 'PKGCONFIG', 'PKG_CONFIG_PATH', 'PKG_CONFIG_LIBDIR']
    foreign = ours + ['AR', 'CFLAGS', 'CPPFLAGS', 'LDFLAGS', 'LINKFLAGS',
                      'PKG_CONFIG_SYSROOT_DIR']
    conf.environ = {name: value for name, value in target.items() if name not in foreign}
    for name in ours:
        if name + '_FOR_BUILD' in target:
            conf.environ[name] = target[name + '_FOR_BUILD']

    conf.setenv(BUILD_MACHINE)
    conf.env.env = conf.environ
    configure_compiler(conf)
    check_libraries(conf, GENERATOR_LIBRARIES)
    check_libraries(conf, TOOL_LIBRARIES, mandatory=False)
    configure_tools(conf)
    del conf.env['env']

    conf.environ = target
    conf.setenv('')


def is_cross(ctx):
    """Whether what is built runs on another machine"""
    return BUILD_MACHINE in ctx.all_envs


def check_libraries(conf, libraries, mandatory=True):
    for store, package in libraries.items():
        conf.check_cfg(package=package, uselib_store=store, args='--cflags --libs',
                       mandatory=mandatory)


def configure_tools(conf):
    """Whether there are programs, beside the plugins and what these are made with"""
    missing = [package for store, package in TOOL_LIBRARIES.items()
               if not conf.env['HAVE_' + store]]
    if conf.env.DEST_OS == 'win32':
        missing = ['POSIX']
    conf.env.TOOLS = not missing
    conf.msg('Building programs' + (' for the build machine' if conf.variant else ''),
             'no: there is no ' + ', '.join(missing) if missing else 'yes',
             color='YELLOW' if missing else 'GREEN')


def check_folders(conf):
    """waf replaces these in the names of folders, where others would look for them"""
    for name in ['PREFIX', 'LV2DIR', 'BINDIR', 'DATADIR', 'LIBDIR', 'MANDIR']:
        if re.search(r'\$\$|\$\{|\\\\', conf.env[name]):
            conf.fatal('waf cannot install to %s: a folder has $$, ${ or two backslashes'
                       ' in its name' % conf.env[name])


def configure_paths(conf):
    """Have no object depend on where it is built"""
    source, build = conf.srcnode, conf.bldnode
    # The last one that fits is taken
    maps = [(source.abspath(), '.'), (build.abspath(), '.'),
            (source.path_from(build) + '/', './')]
    flags = ['-ffile-prefix-map=%s=%s' % names for names in maps]
    if conf.check_cc(cflags=flags, mandatory=False, msg='Checking for -ffile-prefix-map'):
        conf.env.append_unique('CFLAGS', flags)


def configure_hardening(conf):
    """Guards that make faults harmless: all in programs, those that are free in plugins"""
    if conf.check_cc(linkflags=RELRO, mandatory=False, msg='Checking for -z relro'):
        conf.env.append_unique('LINKFLAGS', RELRO)
    if conf.options.debug or conf.options.sanitize:
        return
    for level in [3, 2]:
        guards = GUARDS + ['-D_FORTIFY_SOURCE=%d' % level]
        if conf.check_cc(fragment='#include <string.h>\nint main(void) { return 0; }\n',
                         cflags=['-Werror', '-O2'] + guards, mandatory=False,
                         msg='Checking for _FORTIFY_SOURCE=%d' % level):
            conf.env.CFLAGS_GUARDS = guards
            return


def configure_avx2(conf):
    """Where it can be done, every module is compiled a second time, for AVX2"""
    # Windows aligns stacks to 16 bytes only, which GCC forgets when it saves vectors
    if (conf.options.no_avx2 or conf.env.DEST_CPU != 'x86_64' or
            conf.env.DEST_BINFMT != 'elf'):
        return
    if conf.find_program('objcopy', mandatory=False):
        conf.env.AVX2 = conf.check_cc(cflags='-mavx2', mandatory=False,
                                      msg='Checking for -mavx2')


def lv2dir(conf):
    """Where bundles go: where hosts look, which on Debian is not waf's guess of LIBDIR"""
    lib = 'lib64' if os.path.isdir('/usr/lib64/lv2') else 'lib'
    libdir = conf.options.LIBDIR or os.path.join(conf.env.PREFIX, lib)
    return os.path.abspath(conf.options.lv2dir or os.path.join(libdir, 'lv2'))


def build(bld):
    if bld.cmd == 'install' and not is_private(bld):
        # New folders must be for all, whatever those of who installs are
        os.umask(0o022)

    bundle = 'lv2/%s.lv2/' % APPNAME
    bundle_dir = '${LV2DIR}/%s.lv2' % APPNAME
    ttls = bld.path.ant_glob('ttl/*.ttl')
    presets = bld.path.ant_glob('presets/*.ttl')
    airlock = bld.path.ant_glob('plugins/lv2/*.c', excl='plugins/lv2/descriptor.c')
    descriptor = ['plugins/lv2/descriptor.c']
    modules = bld.path.ant_glob('plugins/*.c')

    if is_cross(bld):
        build_generators(bld, bld.all_envs[BUILD_MACHINE])
    if bld.env.TOOLS or not is_cross(bld):
        build_generators(bld)
    bld.add_group()

    for table in ['blep', 'halfband', 'noise', 'delay']:
        bld(rule='${SRC[0].abspath()} %s ${TGT}' % table, source=[tool(bld, 'tables')],
            target='tables/%s_tables.h' % table, shell=False)
    for source in modules:
        name = os.path.splitext(source.name)[0]
        ttl2c(bld, 'ports', 'ports/%s_ports.h' % name, turtle_of(bld, name))
    ttl2c(bld, 'manifest', bundle + 'manifest.ttl', ttls + presets,
          install_path=None if bld.env.MODGUI else bundle_dir)
    for ttl in ttls:
        copy(bld, ttl, bundle + ttl.name, bundle_dir)
    for preset in presets:
        copy(bld, preset, bundle + 'presets/' + preset.name, bundle_dir + '/presets')
    bld.add_group()

    build_core(bld, 'core', use='M')
    bld.stlib(source=bld.path.ant_glob('plugins/display/*.c'), target='display', name='display',
              cflags=['-fPIC'], includes='plugins', export_includes='plugins', use='core M')
    if bld.env.AVX2:
        build_core(bld, 'core_avx2', cflags=['-mavx2'])
    for source in modules:
        name = os.path.splitext(source.name)[0]
        files = ['HAVE_FILES'] if takes_files(bld, name) else []
        parts = [source, build_layout(bld, source, name)] + airlock
        variants = [build_avx2(bld, parts, name, files)] if bld.env.AVX2 else []
        bld.shlib(source=parts + descriptor + variants, use='display core LV2 M',
                  target=bundle + name, includes='plugins ports',
                  defines=files + (['HAVE_PLUGIN_AVX2'] if variants else []),
                  install_path=bundle_dir)
        if variants:
            # The code for processors without AVX2, for tests and bench to compare
            bld.shlib(source=parts + descriptor, use='display core LV2 M',
                      target=BASELINE + name, includes='plugins ports', defines=files,
                      install_path=None)

    if bld.env.AVX2:
        manifest = bld.path.find_or_declare(bundle + 'manifest.ttl')
        for ttl in ttls + [manifest]:
            copy(bld, ttl, BASELINE + ttl.name, None)

    if bld.env.TOOLS:
        build_programs(bld)
    if is_cross(bld) and bld.all_envs[BUILD_MACHINE].TOOLS:
        build_host(bld, bld.all_envs[BUILD_MACHINE])
        build_tools(bld, 'tools/patch2carla.c', bld.all_envs[BUILD_MACHINE])
    if (bld.all_envs[BUILD_MACHINE] if is_cross(bld) else bld.env).TOOLS:
        build_projects(bld, presets + ttls + [bundle + 'manifest.ttl'])
    if bld.env.TOOLS and not is_cross(bld):
        build_patches(bld, presets + ttls + [bundle + 'manifest.ttl'])
    if bld.env.MODGUI:
        build_modgui(bld, ttls, presets, modules, bundle, bundle_dir)
    bld.install_files('${DATADIR}/%s/patches' % APPNAME,
                      bld.path.ant_glob('presets/patches/*'))
    metainfo = '%s.metainfo.xml' % APPNAME
    bld(rule='%s ${SRC[1].abspath()} ${SRC[0].abspath()} ${TGT}' % sys.executable, shell=False,
        source=['packaging/%s.in' % metainfo, FILL, 'NEWS', 'ttl/%s.ttl' % APPNAME],
        target=metainfo, install_path='${DATADIR}/metainfo')


def build_programs(bld):
    """Programs that use, measure and test the bundle"""
    build_host(bld)
    build_tools(bld, 'tools/*.c', excl=INSTRUMENTS + [PLAYER])
    bld.shlib(source=bld.path.ant_glob('tools/rack/*.c'), target='bin/rack', includes='tools',
              defines=TOOL_DEFINES, use='host LV2 ' + TOOL_USE, install_path='${LIBDIR}/' + APPNAME)
    if bld.env.HAVE_JACK:
        build_tools(bld, PLAYER, use=' JACK')
    for name in [name for name in INSTALLED if name != 'play' or bld.env.HAVE_JACK]:
        build_guides(bld, APPNAME + '-' + name, INSTALLED[name])
        bld.install_as('${BINDIR}/%s-%s' % (APPNAME, name),
                       bld.bldnode.find_or_declare('bin/' + name), chmod=Utils.O755)
    if bld.env.HAVE_FFTW:
        build_instruments(bld)
    if bld.env.HAVE_CHECK and bld.env.HAVE_FFTW and bld.env.HAVE_SMF:
        build_tests(bld)
    build_fuzz(bld)
    if bld.env.HAVE_JACK:
        bld.program(source='tests/hosts/jack_take.c', target='tests/hosts/jack_take',
                    defines=POSIX, use='JACK SNDFILE', install_path=None)


def build_guides(bld, program, source):
    """The manual page of a program, and its completion in shells"""
    def run(task):
        files = [node.abspath() for node in task.inputs + task.outputs]
        return task.exec_command([sys.executable, files[0], program, VERSION] + files[1:])

    bld(rule=run, source=['tools/generate/help.py', source, 'docs/command-line.md'],
        target=[target % program for target in GUIDES])
    for target, folder in GUIDES.items():
        bld.install_files(folder, bld.path.find_or_declare(target % program))


def tool(bld, name):
    """A program that runs while others are built"""
    return '%sbin/%s' % (BUILD_MACHINE + '/' if is_cross(bld) else '', name)


def is_private(bld):
    """Whether everything is installed in the home of who does it"""
    home = os.path.abspath(os.path.expanduser('~'))
    folders = [bld.env.PREFIX, bld.env.LV2DIR]
    return home != '/' and not bld.options.destdir and all(
        os.path.commonpath([home, folder]) == home for folder in folders)


def c_string(text):
    """A macro's value that is a string in C, with any character"""
    return '"%s"' % re.sub(r'[\\"?]', r'\\\g<0>', text).replace('\n', '\\n')


def turtle_of(bld, name):
    """Turtle of a module and then of its forms, each followed by its presets"""
    forms = ['ttl/%s.ttl' % name, 'ttl/%s-*.ttl' % name]
    files = []
    for ttl in [node for form in forms for node in bld.path.ant_glob(form)]:
        preset = bld.path.find_node('presets/' + ttl.name)
        files += [ttl, preset] if preset else [ttl]
    return files


def takes_files(bld, name):
    """Whether a property of a module is the path of a file"""
    return 'rdfs:range atom:Path' in bld.path.find_node('ttl/%s.ttl' % name).read()


def build_core(bld, name, cflags=[], use=''):
    bld.stlib(source=bld.path.ant_glob('shared/**/*.c'), target=name, name=name,
              cflags=['-fPIC'] + cflags, includes='shared tables', export_includes='shared',
              use=use)


def build_layout(bld, source, name):
    """Layout of a module's state: a hash of all types that it has"""
    target = 'layout/%s_layout.c' % name

    def run(task):
        command = (task.env.CC + task.env.CFLAGS + ['-E', '-P'] +
                   ['-I' + folder for folder in task.env.INCPATHS] +
                   [task.inputs[0].path_from(task.get_cwd())])
        text = task.generator.bld.cmd_and_log(command, cwd=task.get_cwd(), quiet=True)
        task.outputs[0].write(layout(text))

    bld(features='includes', rule=run, source=source, target=target, scan=c_preproc.scan,
        includes='plugins ports shared tables', vars=['CC', 'CFLAGS'])
    return target


def layout(text):
    """C that has what the types of preprocessed C are made of"""
    carried = ''.join('  {"%s", UINT64_C(0x%s)},\n' % part
                      for part in sorted(carried_types(text).items()))
    return ('#include "lv2/swap.h"\n\n'
            'const uint64_t swap_layout = UINT64_C(0x%s);\n\n'
            'const SwapType swap_types[] = {\n%s  {0, 0}};\n' % (digest(types(text)), carried))


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def carried_types(text):
    """Layouts of the types that CARRY names, by name: hashes that differ
    with any field, or field of a field"""
    known = {}
    for declared in declarations(text):
        name = declared[-2]
        known[name] = digest(' '.join(known.get(token, token) for token in declared))
    return {name: known[name] for name in set(re.findall(r'"(\w+)"', text)) & set(known)}


def types(text):
    """All that declares types, of C that the preprocessor has been through"""
    return ' '.join(' '.join(declared) for declared in declarations(text))


def declarations(text):
    """The tokens of all declarations of types, each a list"""
    tokens = r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|\w+|\S'
    found, current, depth, is_function = [], [], 0, False
    for token in re.findall(tokens, text):
        current.append(token)
        is_type = current[0] in ['typedef', 'struct', 'union', 'enum']
        if token == '{' and depth == 0:
            is_function = not is_type and current[-2:-1] == [')']
        depth += (token == '{') - (token == '}')
        if depth == 0 and (token == ';' or token == '}' and is_function):
            found += [current] if is_type else []
            current, is_function = [], False
    return found


def build_avx2(bld, parts, name, defines):
    """A plugin for AVX2, in one object that shows only `plugin_descriptor_avx2`"""
    joined = 'avx2/%s_joined.o' % name
    hidden = 'avx2/%s.o' % name
    bld.program(source=parts, target=joined,
                includes='plugins ports', defines=defines, cflags=['-fPIC', '-mavx2'],
                linkflags=['-r', '-nostdlib'], use='core_avx2 LV2', install_path=None)
    bld(rule='${OBJCOPY} --redefine-sym plugin_descriptor=plugin_descriptor_avx2 '
             '--keep-global-symbol=plugin_descriptor_avx2 ${SRC} ${TGT}',
        source=joined, target=hidden, shell=False)
    return hidden


def build_generators(bld, env=None):
    """The programs that write C and Turtle for the rest of the build"""
    folder = BUILD_MACHINE + '/' if env else ''
    for name, use in [('ttl2c', 'SORD SERD GUARDS PROGRAM'), ('tables', 'M GUARDS PROGRAM')]:
        bld.program(source=['tools/generate/%s.c' % name] +
                    parts_of(bld, 'tools/generate/' + name),
                    target='%sbin/%s' % (folder, name), includes='tools/generate', use=use,
                    env=(env or bld.env).derive(), install_path=None)


def parts_of(bld, program):
    """The sources of a program x.c that are in a folder x beside it, if there is one"""
    return bld.path.ant_glob(program + '/*.c')


def build_host(bld, env=None):
    """The parts that programs and tests share"""
    folder, host = (BUILD_MACHINE + '/', 'host_of_build') if env else ('', 'host')
    parts = 'tools/host/*.c tools/live/*.c tools/carla/*.c tools/draw/*.c'
    bld.stlib(source=bld.path.ant_glob(parts), target=folder + 'tools/host', name=host,
              defines=TOOL_DEFINES + ['CHRONUS_DATADIR=' + c_string(bld.env.DATADIR)], includes='tools',
              cflags=['-fPIC'], export_includes='tools', use=TOOL_USE, env=(env or bld.env).derive())


def build_tools(bld, sources, env=None, excl=[], use=''):
    """Every tools/x.c, a program, with its parts"""
    folder, host = (BUILD_MACHINE + '/', 'host_of_build') if env else ('', 'host')
    rack = c_string('%s/%s/rack.so' % (bld.env.LIBDIR, APPNAME))
    for source in bld.path.ant_glob(sources, excl=excl):
        name = os.path.splitext(source.name)[0]
        bld.program(source=[source] + parts_of(bld, 'tools/' + name),
                    target=folder + 'bin/' + name, includes='tools',
                    defines=TOOL_DEFINES + ['CHRONUS_RACK=' + rack],
                    use=host + ' ' + TOOL_USE + use, env=(env or bld.env).derive(),
                    install_path=None)


def run_on_bundle(bld, task, command):
    """Run a program that reads what the bundle says of itself"""
    lv2 = bld.bldnode.find_or_declare('lv2').abspath()
    with tempfile.TemporaryDirectory() as folder:
        # LV2_PATH takes some characters for more than a name
        link = os.path.join(folder, 'lv2')
        os.symlink(lv2, link)
        return task.exec_command(command, env=dict(os.environ, LV2_PATH=link))


def build_projects(bld, bundle):
    """Every patch as a project of Carla"""
    def run(task):
        program, patch = [node.abspath() for node in task.inputs[:2]]
        return run_on_bundle(bld, task, [program, patch, task.outputs[0].abspath()])

    for patch in bld.path.ant_glob('presets/patches/*.ttl'):
        name = os.path.splitext(patch.name)[0]
        bld(rule=run, source=[tool(bld, 'patch2carla'), patch] + bundle,
            target='carla/%s.carxp' % name, install_path='${DATADIR}/%s/carla' % APPNAME)


def build_patches(bld, bundle):
    """Every patch as a plugin, in a bundle of their own"""
    folder = '%s-patches.lv2' % APPNAME
    patches = bld.path.ant_glob('presets/patches/*.ttl')
    files = {name: '' for name in ['manifest.ttl', 'plugins.txt', 'rack.so']}
    for patch in patches:
        name = os.path.splitext(patch.name)[0]
        files.update({'%s/%s' % (name, file): '/' + name
                      for file in ['knobs.txt', 'patch.ttl', 'plugin.ttl']})

    def run(task):
        program = task.inputs[0].abspath()
        output = bld.bldnode.find_or_declare('patches/' + folder).abspath()
        return run_on_bundle(bld, task, [program] + [patch.abspath() for patch in patches] +
                             [output])

    bld(rule=run, source=[tool(bld, 'patch2lv2'), 'bin/rack.so'] + patches + bundle,
        target=['patches/%s/%s' % (folder, file) for file in files])
    for file, part in files.items():
        bld.install_files('${LV2DIR}/%s%s' % (folder, part),
                          bld.path.find_or_declare('patches/%s/%s' % (folder, file)),
                          chmod=Utils.O755 if file.endswith('.so') else Utils.O644)


def build_modgui(bld, ttls, presets, modules, bundle, bundle_dir):
    """Pedals of MOD's interface, installed with a manifest that names them"""
    names = [ttl.name[:-4] for ttl in ttls if ttl.name != 'chronus.ttl']
    parts = ['.ttl', '.html', '-plot.png', '-screenshot.png', '-thumbnail.png']
    files = ['style.css'] + [name + part for name in names for part in parts]
    folder = bld.bldnode.find_or_declare('modgui')

    def run(task):
        return run_on_bundle(bld, task, [task.inputs[0].abspath(), folder.abspath()])

    bld.add_group()
    libraries = [bundle + bld.env.cshlib_PATTERN % os.path.splitext(module.name)[0]
                 for module in modules]
    targets = ['modgui/' + name for name in files]
    bld(rule=run, source=[tool(bld, 'modgui'), bundle + 'manifest.ttl'] + libraries + ttls,
        target=targets)
    bld.install_files(bundle_dir + '/modgui',
                      [bld.path.find_or_declare(target) for target in targets])
    ttl2c(bld, 'manifest', 'modgui_manifest/manifest.ttl', ttls + presets, guis='modgui',
          install_path=bundle_dir)


def build_instruments(bld):
    """The programs that measure plugins, with their parts, which tests use too"""
    libraries = 'LILV SORD SERD FFTW M GUARDS PROGRAM'
    defines = POSIX + ['SOURCE_DIR=' + c_string(bld.srcnode.abspath())]
    bld.stlib(source=bld.path.ant_glob('tools/measure/*.c tools/bench/*.c'),
              name='instruments', target='tools/instruments', defines=defines,
              includes='tools', export_includes='tools', use='host ' + libraries)
    for source in bld.path.ant_glob(INSTRUMENTS):
        name = os.path.splitext(source.name)[0]
        bld.program(source=[source], target='bin/' + name, defines=defines,
                    use='instruments host ' + libraries, install_path=None)


def build_tests(bld):
    """One executable for every test_*.c, and one to compare machines by, with the parts that they share"""
    folders = ['BUILD_DIR=' + c_string(bld.bldnode.abspath()),
               'SOURCE_DIR=' + c_string(bld.srcnode.abspath())]
    libraries = 'display core instruments host LILV CHECK LV2 SNDFILE SMF M PROGRAM'
    bld.stlib(source=bld.path.ant_glob('tests/support/*.c'), target='tests/support',
              name='support', defines=POSIX + folders, includes='tests',
              export_includes='tests', use=libraries)
    for source in bld.path.ant_glob('tests/**/test_*.c tests/plugins/bits.c'):
        bld.program(source=[source], target='tests/' + os.path.splitext(source.name)[0],
                    includes='tests plugins ports', defines=POSIX + folders,
                    use='support ' + libraries, lib=['dl'], install_path=None)


def build_fuzz(bld):
    """Every target of tools/fuzz, over files instead of what a fuzzer makes up"""
    for source in bld.path.ant_glob('tests/fuzz/fuzz_*.c', excl='**/fuzz_file.c'):
        name = os.path.splitext(source.name)[0]
        bld.program(source=[source, 'tests/fuzz/fuzz_file.c', 'tests/fuzz/replay.c'] +
                    parts_of(bld, name.replace('fuzz_', 'tools/generate/')), target='tests/' + name,
                    includes='tests tools tools/generate', defines=POSIX,
                    use='host core LILV SERD SORD SNDFILE M', install_path=None)


def ttl2c(bld, command, target, ttls, guis=None, **kw):
    options = ['--suffix', bld.env.cshlib_PATTERN.replace('%s', '')]
    options += ['--guis', guis] if guis else []

    def run(task):
        program, *sources = [node.abspath() for node in task.inputs]
        return task.exec_command([program] + options +
                                 [command, task.outputs[0].abspath()] + sources)

    bld(rule=run, source=[tool(bld, 'ttl2c')] + ttls, target=target, **kw)


def copy(bld, source, target, install_path):
    bld(features='subst', is_copy=True, source=[source], target=target,
        install_path=install_path)


def dist(ctx):
    ctx.excl = '**/.git **/.git/** .waf/** build/** .lock-waf* **/*.pyc *.tar.* **/__pycache__/**'


class Archive(Scripting.Dist):
    """The same to the byte, whoever makes it, when and where"""
    cmd = fun = 'dist'

    def get_files(self):
        return sorted(super().get_files(), key=lambda node: node.path_from(self.base_path))

    def archive(self):
        command = [sys.executable, self.path.find_node(FILL).abspath(), '--print', 'EPOCH']
        self.epoch = int(self.cmd_and_log(command, quiet=Context.BOTH))
        super().archive()

    def add_tar_file(self, node, tar):
        info = tar.gettarinfo(node.abspath(), '%s/%s' % (self.get_base_name(),
                                                         node.path_from(self.base_path)))
        info.uid = info.gid = 0
        info.uname = info.gname = 'root'
        info.mtime = self.epoch
        if info.isreg():
            info.mode = 0o755 if info.mode & 0o100 else 0o644
            with open(node.abspath(), 'rb') as file:
                tar.addfile(info, file)
        else:
            tar.addfile(info)
