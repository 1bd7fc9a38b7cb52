"""The hotline's voice menu, spoken over FastAGI by the operator's own voice platform."""
