"""The asynchronous Kubernetes client of operator, store and embedded cluster: raw JSON over one pooled session.

``load`` finds credentials, ``credentials`` keeps them fresh, ``client`` sends requests, ``follow`` lists and watches.
Nothing is imported here, so that whoever needs only a kubeconfig need not load an HTTP client.
"""
