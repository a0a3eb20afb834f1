#ifndef CDOCUMENTATION_H
#define CDOCUMENTATION_H

#include <stddef.h>

/// A file of the documentation page, as it was when this was compiled.
struct documentation_asset {
    /// The file's name, without a folder.
    const char *name;
    const unsigned char *content;
    size_t count;
};

/// How many files there are.
size_t documentation_asset_count(void);

/// The file at `index`, which is below the count. It lives as long as the process.
struct documentation_asset documentation_asset_at(size_t index);

#endif
