print("published the draft")
