"""From channel input to what the receiver holds: power, noise, fading, equalisation."""

from jscgc_model.channel.bandwidth_ratio import ratio_of_symbols as ratio_of_symbols
from jscgc_model.channel.bandwidth_ratio import symbols_at_ratio as symbols_at_ratio
from jscgc_model.channel.capacity import capacity_bits as capacity_bits
from jscgc_model.channel.channel import Channel as Channel
from jscgc_model.channel.draw import ChannelDraw as ChannelDraw
from jscgc_model.channel.power_constraint import constrain_power as constrain_power
from jscgc_model.channel.received import Received as Received
from jscgc_model.channel.received import mean_snr_db as mean_snr_db
from jscgc_model.channel.settings import ChannelSettings as ChannelSettings
from jscgc_model.channel.side_information import SideInformation as SideInformation
from jscgc_model.channel.side_information import side_symbols as side_symbols
from jscgc_model.channel.side_information import told_to_receiver as told_to_receiver
from jscgc_model.channel.theory_bridge import known_channel as known_channel
