"""The rules of the order desk as data: what each says, where it comes from, what sets it."""
