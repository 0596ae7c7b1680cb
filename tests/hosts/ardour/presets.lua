-- SPDX-License-Identifier: ISC
-- Print where the knobs stand under presets: HERE SESSION URI LABEL...

dofile (arg[1] .. "/desk.lua")
local session = assert (create_session (arg[2], "presets", 48000))

for i = 3, #arg, 2 do
  print_knobs (arg[i], assert (new_plugin (session, arg[i], arg[i + 1])))
end
leave ()
