// libxlsxwriter, which writes workbooks, as its header declares it.
#pragma once
#include <xlsxwriter.h>
