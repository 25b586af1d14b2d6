"""Small mistakes put into `sim`, one at a time, to see whether tests notice.

`drawn` says which mistakes there are, `trials` which tests are asked, `__main__` puts it together.
The mistakes are those of cosmic-ray; nothing in the checkout is touched.
"""
