"""The store service: values, sets, files, blobs, logs and outcomes over HTTP, and the cluster as people see it.

Rooms, highest first; each imports only those below it (import-linter checks it):

=====================================  ==================================================================
``serving``, ``backups``               a process that serves; a data directory as one file and back
``api``                                HTTP: operations and what they share
``gates``, ``sessions``, ``views``     who decides and who hears of it; browsers; what people see
``cluster``                            the cluster's objects: read, followed, written
``auth``                               who calls, and what they may do
``s3``                                 bytes in a bucket
``directory``, ``sqlite``              bytes in a directory; rows in a database
``keeping``                            what storage promises, and what holds for every backend
``settings`` and other single modules  the ground: settings, metrics, errors, names, times, pages
=====================================  ==================================================================
"""
