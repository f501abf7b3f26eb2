"""The sweep: everything that can be pressed, sent or typed, by everybody, in every situation."""
