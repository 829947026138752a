"""The screens: layout, selection and refresh; what can be done on them is in ``commands``."""
