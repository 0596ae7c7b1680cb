-- SPDX-License-Identifier: ISC
-- Print what Ardour makes of the Turtle of plugins: HERE SESSION URI...

dofile (arg[1] .. "/desk.lua")
local session = assert (create_session (arg[2], "describe", 48000))

local function streams (count)
  return count:n_audio () .. " audio " .. count:n_midi () .. " MIDI"
end

local function kind (knob)
  return knob.enumeration and "choice" or knob.toggled and "switch" or knob.logarithmic and "logarithmic"
    or knob.integer_step and "whole" or "linear"
end

local function describe_knob (_, index, plugin)
  local _, result = plugin:get_parameter_descriptor (index, ARDOUR.ParameterDescriptor ())
  local knob = result[2]
  local words = { "  " .. plugin:parameter_label (index), string.format ("%.6g..%.6g", knob.lower, knob.upper),
                  string.format ("default %.6g", knob.normal), kind (knob) }
  local points = {}
  for label, value in pairs (ARDOUR.LuaAPI.desc_scale_points (knob)) do
    points[#points + 1] = string.format ("%g=%s", value, label)
  end
  table.sort (points)
  if #points > 0 then
    words[#words + 1] = table.concat (points, ", ")
  end
  print (table.concat (words, " | "))
end

local function describe_input (plugin, index)
  local pin = plugin:describe_io_port (ARDOUR.DataType ("audio"), true, index)
  print ("  " .. pin.name .. (pin.is_sidechain and " | sidechain | " or " | main | ") .. pin.group_name)
end

local function describe (uri)
  local processor = new_plugin (session, uri)
  if not processor then
    print (uri .. " refused")
    return
  end

  local insert = processor:to_insert ()
  local plugin = insert:plugin (0)
  local info = plugin:get_info ()
  local n_in, n_out = insert:natural_input_streams (), insert:natural_output_streams ()
  print (table.concat ({ uri, info.name, info.category, info:is_instrument () and "instrument" or "effect" }, " | "))
  print ("  in " .. streams (n_in) .. ", out " .. streams (n_out))
  for i = 0, n_in:n_audio () - 1 do
    describe_input (plugin, i)
  end
  for_each_knob (processor, describe_knob)
end

for i = 3, #arg do
  describe (arg[i])
end
leave ()
