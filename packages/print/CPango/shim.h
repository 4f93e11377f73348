// cairo, which draws pages, and Pango, which lays text out in every script, as their headers declare them.
#pragma once
#include <cairo/cairo-pdf.h>
#include <pango/pangocairo.h>
