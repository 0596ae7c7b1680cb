-- SPDX-License-Identifier: ISC
-- Load the session of patch.lua, print its knobs, and record two seconds of two strips:
-- HERE SESSION FOLDER NAME LEFT OUTPUT RIGHT OUTPUT.  Exports spoil the memory of Ardour
-- 7.3, even without any plugins, so this is the only one, and the end.

dofile (arg[1] .. "/desk.lua")
local session = assert (load_session (arg[2], "patch"))
local master = session:master_out ():input ()
local strips = session:get_routes ()

print_strips (session)
for strip in strips:iter () do
  if not strip:is_master () then
    disconnect (strip, master)
  end
end
connect (find_strip (session, arg[5]), tonumber (arg[6]), master:audio (0))
connect (find_strip (session, arg[7]), tonumber (arg[8]), master:audio (1))

local export = session:simple_export ()
assert (export:set_preset ("c4205000-cafe-4000-8000-000000000001"))
export:set_folder (arg[3])
export:set_name (arg[4])
export:set_range (0, 96000)
assert (export:run_export ())
say_done ()
os.exit (true, false)
