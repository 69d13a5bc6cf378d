"""The phone in factory, warehouse and at the gate 车间、仓库、门卫: what waits for me, by code, and told once."""
