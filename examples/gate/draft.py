print("wrote a draft")
